package dev.slipway.credential.rotation;

import static dev.slipway.credential.testing.ServiceUnderTest.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.credential.testing.ServiceUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of stored credentials when the master key changes. */
class RotationTest {
    private static final String NEW_KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f91";

    @Test
    void everyCredentialIsWrappedAnewAndTheOldKeyCanGo() throws IOException {
        try (ServiceUnderTest service = new ServiceUnderTest()) {
            for (int i = 0; i < 20; i++) {
                store(service, i);
            }

            service.restart(Map.of("ENCRYPTION_KEY", NEW_KEY, "ENCRYPTION_KEYS_PREVIOUS", KEY));
            assertThat(secretsIn(service)).as("readable while it goes on").isEqualTo(20);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> service.masterKey().contains("\"credentials\":20,\"remaining\":0"));
            service.restart(Map.of("ENCRYPTION_KEYS_PREVIOUS", ""));

            assertThat(secretsIn(service)).as("readable with the new key alone").isEqualTo(20);
        }
    }

    @Test
    void replicasThatHaveTheKeyOfBeforeLeaveTheWorkToTheOneThatHasTheNewOne() throws IOException {
        try (ServiceUnderTest service = new ServiceUnderTest(Map.of("ENCRYPTION_KEYS_PREVIOUS", NEW_KEY));
                ServiceUnderTest another = service.replica()) {
            for (int i = 0; i < 20; i++) {
                store(another, i);
            }

            Map<String, Object> changed = new HashMap<>(service.properties());
            changed.put("ENCRYPTION_KEY", NEW_KEY);
            changed.put("ENCRYPTION_KEYS_PREVIOUS", KEY);
            try (ServiceUnderTest first = new ServiceUnderTest(changed)) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> first.masterKey().contains("\"credentials\":20,\"remaining\":0"));
            }
            assertThat(secretsIn(service)).as("readable by the others").isEqualTo(20);
        }
    }

    @Test
    void theWorkForANewerKeyIsLeftForTheReplicaThatHasItAndThatForAnOlderOneIsDropped() throws IOException {
        try (ServiceUnderTest service = new ServiceUnderTest()) {
            service.execute("INSERT INTO master_key (key_id, adopted_at) VALUES ('newer', now() + interval '1 minute'),"
                    + " ('older', now() - interval '1 day')");
            service.execute(
                    "INSERT INTO job (kind, key, payload) VALUES ('rewrap', 'newer', ''), ('rewrap', 'older', '')");

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.query("SELECT key FROM job WHERE kind = 'rewrap' AND fence > 2")
                                    .contains("newer")
                            && !service.query("SELECT key FROM job WHERE kind = 'rewrap'")
                                    .contains("older"));

            assertThat(service.query("SELECT key FROM job WHERE kind = 'rewrap' AND state = 'queued' AND attempt <= 1"))
                    .as("taken several times, and never for good")
                    .containsExactly("newer");
        }
    }

    @Test
    void dataKeysThatHaveComeOfAgeAreReplacedWhileTheServiceRuns() throws IOException {
        try (ServiceUnderTest service = new ServiceUnderTest()) {
            store(service, 1);
            store(service, 2);
            List<String> young = service.query("SELECT sealed::text FROM credential WHERE provider = 'c2'");
            List<String> old = service.query("SELECT sealed::text FROM credential WHERE provider = 'c1'");
            service.execute("UPDATE credential SET keyed_at = now() - interval '91 days' WHERE provider = 'c1'");
            assertThat(service.masterKey()).contains("\"remaining\":0,\"dataKeysDue\":1");

            service.restart(Map.of());

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> service.masterKey().contains("\"dataKeysDue\":0"));
            assertThat(service.query("SELECT sealed::text FROM credential WHERE provider = 'c1'"))
                    .doesNotContainAnyElementsOf(old);
            assertThat(service.query("SELECT sealed::text FROM credential WHERE provider = 'c2'"))
                    .isEqualTo(young);
            assertThat(secretsIn(service)).isEqualTo(2);
        }
    }

    @Test
    void whatNoKeyOpensStaysBehindAndHoldsNothingUp() throws IOException {
        try (ServiceUnderTest service = new ServiceUnderTest()) {
            store(service, 1);
            store(service, 2);
            service.execute(
                    "UPDATE credential SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE provider = 'c1'");

            service.restart(Map.of("ENCRYPTION_KEY", NEW_KEY, "ENCRYPTION_KEYS_PREVIOUS", KEY));

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> service.masterKey().contains("\"credentials\":2,\"remaining\":1"));
            assertThat(secretsIn(service)).isEqualTo(1);
            assertThat(service.admin("GET", "/credentials/c1", "").body()).contains("\"isConfigured\":false");
        }
    }

    @Test
    void withoutTheOldKeyEveryCredentialSaysWhichOneIsMissing() throws IOException {
        try (ServiceUnderTest service = new ServiceUnderTest()) {
            store(service, 1);

            service.restart(Map.of("ENCRYPTION_KEY", NEW_KEY));

            assertThat(secretsIn(service)).isZero();
            assertThat(service.admin("GET", "/credentials/c1", "").body())
                    .contains("it was sealed with master key", "ENCRYPTION_KEYS_PREVIOUS");

            service.restart(Map.of("ENCRYPTION_KEYS_PREVIOUS", KEY));

            assertThat(secretsIn(service)).as("nothing was lost").isEqualTo(1);
            assertThat(service.admin("GET", "/credentials/c1", "").body()).contains("\"isConfigured\":true");
        }
    }

    private static void store(ServiceUnderTest service, int number) {
        String body = "{\"provider\":\"c%d\",\"apiKey\":\"secret-%d\",\"host\":\"h%d.example.com\",\"header\":\"A\"}"
                .formatted(number, number, number);
        assertThat(service.admin("POST", "/credentials", body).statusCode()).isEqualTo(200);
    }

    private static int secretsIn(ServiceUnderTest service) {
        return service.rules().split("\"value\":\"secret-", -1).length - 1;
    }
}
