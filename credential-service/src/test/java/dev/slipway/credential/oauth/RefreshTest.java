package dev.slipway.credential.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.credential.testing.AuthorizationServer;
import dev.slipway.credential.testing.ServiceUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens follow one another, each got once; what a provider does to that is seen. */
class RefreshTest {
    private static AuthorizationServer provider;
    private static ServiceUnderTest service;
    private static ServiceUnderTest replica;

    @BeforeAll
    static void start() throws IOException {
        provider = new AuthorizationServer("");
        Map<String, Object> settings = new HashMap<>(provider.settings());
        settings.put("slipway.credential.refresh.lease", "3s");
        settings.put("slipway.credential.refresh.first-pause", "1s");
        service = new ServiceUnderTest(settings);
        replica = service.replica();
    }

    @AfterAll
    static void stop() {
        replica.close();
        service.close();
        provider.close();
    }

    @BeforeEach
    void forget() {
        provider.answer.countDown();
        service.execute("DELETE FROM credential");
        service.execute("DELETE FROM job WHERE kind <> 'push-rules'");
        provider.startAnew();
    }

    @Test
    void aTokenIsRefreshedAheadOfItsEndWithoutAnybodyAsking() {
        provider.expiresIn = 4;
        signIn();
        String first = service.rules();
        provider.expiresIn = 28_800;

        await().atMost(Duration.ofSeconds(30)).until(() -> !service.rules().equals(first));

        assertThat(provider.refreshes).hasValue(1);
        assertThat(view()).contains("\"status\":\"active\"");
        await().untilAsserted(() -> assertThat(service.proxy.pushed.getLast()).contains("Bearer access-3"));
        assertThat(service.query("SELECT data FROM outbox ORDER BY position DESC LIMIT 1"))
                .containsExactly("{\"provider\":\"anthropic\",\"action\":\"refreshed\"}");
    }

    @Test
    void fiftyUsesAtOnceInTwoProcessesMakeOneRefresh() throws Exception {
        signIn();
        endToken();

        List<String> answers = together(50, i -> (i % 2 == 0 ? service : replica).rules());

        assertThat(provider.refreshes).hasValue(1);
        assertThat(answers).allMatch(each -> each.contains("Bearer access-3"));
    }

    @Test
    void aTokenThatHasComeToItsEndIsRefreshedThoughNothingWasWrittenSinceTheLastLookup() {
        signIn();
        // Too short in two seconds from now, and its own time to be refreshed, by a job that is not here, was just now.
        service.execute("DELETE FROM job");
        service.execute("UPDATE credential SET expires_at = now() + interval '22 seconds', refresh_at = now()");
        assertThat(service.rules()).isEqualTo(service.rules()).contains("Bearer access-2");

        await().atMost(Duration.ofSeconds(30)).until(() -> service.rules().contains("Bearer access-3"));

        assertThat(provider.refreshes).hasValue(1);
    }

    @Test
    void aProviderInTroubleIsAskedAgainLaterAndThatIsSeen() {
        signIn();
        provider.trouble = 503;
        int before = provider.refreshes.get();

        var failed = service.admin("POST", "/credentials/anthropic/refresh", "");

        assertThat(failed.statusCode()).isEqualTo(502);
        assertThat(failed.body()).contains("problems/refresh-failed", "it answered 503");
        assertThat(view()).contains("\"status\":\"refresh_failed\"", "\"nextRefreshAt\":\"", "\"isConfigured\":true");
        assertThat(service.query("SELECT data FROM outbox ORDER BY position DESC LIMIT 1"))
                .containsExactly("{\"provider\":\"anthropic\",\"action\":\"failed\"}");
        assertThat(service.rules()).as("the token that there is still serves").contains("Bearer access-2");

        provider.trouble = 0;

        await().atMost(Duration.ofSeconds(30)).until(() -> view().contains("\"status\":\"active\""));
        assertThat(provider.refreshes.get()).isGreaterThanOrEqualTo(before + 2);
    }

    @Test
    void eachFailureIsFollowedByALongerPauseForThisCredentialAlone() {
        RefreshSettings settings =
                new RefreshSettings(Duration.ofMinutes(2), Duration.ofSeconds(5), Duration.ofMinutes(15));

        assertThat(settings.pause(0)).isBetween(Duration.ofMillis(4500), Duration.ofSeconds(5));
        assertThat(settings.pause(3)).isBetween(Duration.ofSeconds(36), Duration.ofSeconds(40));
        assertThat(settings.pause(60)).isBetween(Duration.ofSeconds(810), Duration.ofMinutes(15));
    }

    @Test
    void aSignInThatTheProviderEndedIsNotTriedAgain() {
        signIn();
        provider.refuse = "invalid_grant";

        service.admin("POST", "/credentials/anthropic/refresh", "");

        assertThat(view())
                .contains("\"status\":\"refresh_failed\"", "Sign in again", "(invalid_grant)")
                .doesNotContain("nextRefreshAt");
        provider.refuse = "";
        signIn();
        assertThat(view()).contains("\"status\":\"active\"").doesNotContain("\"problem\"");
    }

    @Test
    void aHolderThatDiesBeforeItsCallLeavesTheTokenToTheNextOne() {
        signIn();
        // What a killed process leaves behind: a lease that nobody renews.
        service.execute(
                "INSERT INTO lease (name, owner, lease_until) SELECT 'refresh:' || id, 'dead', now() + interval '2 seconds'"
                        + " FROM credential");
        endToken();

        await().atMost(Duration.ofSeconds(30)).until(() -> service.rules().contains("Bearer access-3"));

        assertThat(provider.refreshes).hasValue(1);
    }

    @Test
    void aHolderThatIsCutOffInItsCallLosesNothingWhereTheProviderForgives() throws Exception {
        signIn();
        provider.forgiving = true;
        provider.answer = new CountDownLatch(1);
        Thread holder = Thread.ofVirtual().start(() -> replica.admin("POST", "/credentials/anthropic/refresh", ""));
        await().until(() -> provider.refreshes.get() == 1);
        // The answer to the holder never arrives: its lease ends, and the other process asks with the same token.
        service.execute("UPDATE lease SET owner = 'dead', lease_until = now() WHERE name LIKE 'refresh:%'");

        var next = service.admin("POST", "/credentials/anthropic/refresh", "");

        assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
        assertThat(service.rules()).contains("Bearer access-3");
        provider.answer.countDown();
        holder.join(Duration.ofSeconds(20));
        assertThat(service.rules()).as("the late answer changes nothing").contains("Bearer access-3");
    }

    @Test
    void anAnswerThatComesAfterItsLeaseIsKeptAllTheSame() throws Exception {
        signIn();
        provider.answer = new CountDownLatch(1);
        Thread holder = Thread.ofVirtual().start(() -> replica.admin("POST", "/credentials/anthropic/refresh", ""));
        await().until(() -> provider.refreshes.get() == 1);
        service.execute("UPDATE lease SET owner = 'dead', lease_until = now() WHERE name LIKE 'refresh:%'");
        // The next holder is refused: the provider takes a refresh token once.
        service.admin("POST", "/credentials/anthropic/refresh", "");
        assertThat(view()).contains("\"status\":\"refresh_failed\"");

        provider.answer.countDown();
        holder.join(Duration.ofSeconds(20));

        assertThat(view()).as("the only good token was not thrown away").contains("\"status\":\"active\"");
        assertThat(service.rules()).contains("Bearer access-3");
    }

    @Test
    void aNewTokenIsHeldUntilTheDatabaseTakesIt() throws Exception {
        signIn();
        provider.answer = new CountDownLatch(1);
        Thread holder = Thread.ofVirtual().start(() -> service.admin("POST", "/credentials/anthropic/refresh", ""));
        await().until(() -> provider.refreshes.get() == 1);
        service.execute("ALTER TABLE credential ADD CONSTRAINT away CHECK (version < 2) NOT VALID");

        provider.answer.countDown();
        holder.join(Duration.ofSeconds(2));
        assertThat(service.rules()).contains("Bearer access-2");
        service.execute("ALTER TABLE credential DROP CONSTRAINT away");

        await().atMost(Duration.ofSeconds(30)).until(() -> service.rules().contains("Bearer access-3"));
        assertThat(provider.refreshes).hasValue(1);
    }

    @Test
    void aDeletedSignInIsRevokedAtItsProvider() {
        signIn();

        service.admin("DELETE", "/credentials/anthropic", "");

        await().until(() -> provider.revoked.equals(List.of("refresh-2")));
        await().until(() -> service.query("SELECT id FROM revocation").isEmpty());
    }

    @Test
    void aProviderThatCannotBeToldIsGivenUpAfterItsTime() {
        signIn();
        provider.trouble = 503;

        service.admin("DELETE", "/credentials/anthropic", "");
        await().until(() ->
                service.query("SELECT 1 FROM job WHERE kind = 'revoke-token' AND attempt = 0 AND run_at > now()")
                                .size()
                        == 1);
        service.execute("UPDATE revocation SET give_up_at = now()");
        service.execute("UPDATE job SET run_at = now() WHERE kind = 'revoke-token'");

        await().until(() -> service.query("SELECT id FROM revocation").isEmpty());
        assertThat(provider.revoked).isEmpty();
    }

    private void signIn() {
        String url = service.admin("POST", "/credentials/anthropic/authorize", "{}")
                .body()
                .replaceFirst(".*?\"url\":\"([^\"]*)\".*", "$1");
        var done =
                service.admin("POST", "/credentials/anthropic/exchange", "{\"code\":\"" + provider.signIn(url) + "\"}");
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    }

    /** The token is at its end now, and due. */
    private void endToken() {
        service.execute("UPDATE credential SET expires_at = now() - interval '1 second', refresh_at = now()");
    }

    private String view() {
        return service.admin("GET", "/credentials/anthropic", "").body();
    }

    private static List<String> together(int number, Indexed work) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                int index = i;
                Callable<String> use = () -> {
                    go.await();
                    return work.answer(index);
                };
                answers.add(users.submit(use));
            }
            go.countDown();
            List<String> found = new ArrayList<>();
            for (Future<String> answer : answers) {
                found.add(answer.get());
            }
            return found;
        }
    }

    private interface Indexed {
        String answer(int index);
    }
}
