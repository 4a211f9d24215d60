package dev.slipway.credential;

import static dev.slipway.credential.testing.ServiceUnderTest.PROJECT;
import static dev.slipway.credential.testing.ServiceUnderTest.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.slipway.credential.testing.AuthorizationServer;
import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.kit.identity.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Unique secrets are stored, replaced, refused and deleted; then everything is searched for them. */
class CanaryTest {
    private static final String CANARY = "canary-9f2c7b51e0";

    private final Queue<String> logged = new ConcurrentLinkedQueue<>();

    @Test
    void noTableNoEventNoLogAndNoAnswerHoldsASecret() throws Exception {
        listen();
        List<String> answers = new ArrayList<>();
        try (ServiceUnderTest service = new ServiceUnderTest()) {
            answers.addAll(aDayOf(service));
            List<String> tables = dump(service);

            assertThat(service.rules()).contains(CANARY);
            assertThat(answers).noneMatch(CanaryTest::holdsOne);
            assertThat(tables).isNotEmpty().noneMatch(CanaryTest::holdsOne);
            assertThat(logged).isNotEmpty().noneMatch(CanaryTest::holdsOne);
        }
    }

    @Test
    void neitherDoesASignInARefreshADeviceCodeOrWhatGoesWrongWithThem() throws Exception {
        listen();
        List<String> answers = new ArrayList<>();
        try (AuthorizationServer provider = new AuthorizationServer(CANARY + "-");
                ServiceUnderTest service = new ServiceUnderTest(provider.settings())) {
            answers.addAll(signInsOf(service, provider));

            assertThat(provider.asked).anyMatch(CanaryTest::holdsOne);
            assertThat(service.rules()).contains(CANARY);
            assertThat(answers).hasSizeGreaterThan(12).noneMatch(CanaryTest::holdsOne);
            assertThat(dump(service)).isNotEmpty().noneMatch(CanaryTest::holdsOne);
            assertThat(logged).isNotEmpty().noneMatch(CanaryTest::holdsOne);
        }
    }

    @Test
    void noLevelOfTheLogShowsWhatGoesOverTheWire() throws Exception {
        LoggerContext context = new LoggerContext();
        context.putProperty("LOG_LEVEL", "TRACE");
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(CanaryTest.class.getResource("/logback.xml")));

        assertThat(context.getLogger("dev.slipway").isTraceEnabled()).isTrue();
        assertThat(context.getLogger("org.apache.hc.client5.http.wire").isInfoEnabled())
                .isFalse();
        context.stop();
    }

    private static List<String> signInsOf(ServiceUnderTest service, AuthorizationServer provider) {
        List<String> answers = new ArrayList<>();
        for (String flow : List.of("anthropic", "codex", "anthropic")) {
            String begun = ask(answers, service, "/" + flow + "/authorize", "{}");
            String shown = provider.signIn(begun.replaceFirst(".*?\"url\":\"([^\"]*)\".*", "$1"));
            ask(
                    answers,
                    service,
                    "/" + flow + "/exchange",
                    "{\"code\":\"" + shown.replaceFirst("#.*", "#wrong") + "\"}");
            ask(answers, service, "/" + flow + "/exchange", "{\"code\":\"" + shown + "\"}");
            ask(answers, service, "/" + flow + "/exchange", "{\"code\":\"" + shown + "\"}");
        }
        String begun = ask(answers, service, "/anthropic/authorize", "{}");
        String state = begun.replaceFirst(".*?\"state\":\"([^\"]*)\".*", "$1");
        ask(answers, service, "/anthropic/exchange", "{\"code\":\"" + CANARY + "-invented#" + state + "\"}");
        ask(answers, service, "/anthropic/exchange", "{\"code\":\"" + CANARY + "://?x\"}");
        provider.device = "granted";
        String device = ask(answers, service, "/github-copilot/device-code", "{}");
        String handle = device.replaceFirst(".*?\"deviceCode\":\"([^\"]*)\".*", "$1");
        ask(answers, service, "/github-copilot/poll", "{\"deviceCode\":\"" + handle + "\"}");
        ask(answers, service, "/anthropic/refresh", "");
        provider.trouble = 500;
        ask(answers, service, "/anthropic/refresh", "");
        provider.trouble = 0;
        provider.refuse = "invalid_grant";
        ask(answers, service, "/codex/refresh", "");
        answers.add(service.admin("GET", "/credentials", "").body());
        answers.add(service.admin("DELETE", "/credentials/codex", "").body());
        await().until(() -> provider.revoked.size() == 1);
        ask(
                answers,
                service,
                "",
                "{\"provider\":\"ssh\",\"apiKey\":\"-----BEGIN PRIVATE KEY-----\\n" + CANARY
                        + "\\n-----END PRIVATE KEY-----\"}");
        return answers;
    }

    private static String ask(List<String> answers, ServiceUnderTest service, String path, String body) {
        String answer = service.admin("POST", "/credentials" + path, body).body();
        answers.add(answer);
        return answer;
    }

    @Test
    void theSearchFindsASecretThatWasPlanted() throws Exception {
        listen();
        try (ServiceUnderTest service = new ServiceUnderTest()) {
            service.execute("INSERT INTO job (kind, key, payload) VALUES ('planted', 'k', '" + CANARY + "')");
            LoggerFactory.getLogger("planted")
                    .atInfo()
                    .addKeyValue("key", CANARY)
                    .log("planted");

            assertThat(dump(service)).anyMatch(CanaryTest::holdsOne);
            assertThat(logged).anyMatch(CanaryTest::holdsOne);
        }
    }

    private static List<String> aDayOf(ServiceUnderTest service) {
        List<String> answers = new ArrayList<>();
        List<String> bodies = List.of(
                "{\"provider\":\"anthropic\",\"apiKey\":\"" + CANARY + "-1\"}",
                "{\"provider\":\"anthropic\",\"apiKey\":\"" + CANARY + "-2\"}",
                "{\"provider\":\"github\",\"apiKey\":\"" + CANARY + "-3\"}",
                "{\"provider\":\"mine\",\"value\":\"" + CANARY + "-4\",\"host\":\"a.example.com\",\"header\":\"A\"}",
                // From here on each is refused, in another part of the service.
                "{\"provider\":\"yours\",\"value\":\"" + CANARY + "\",\"host\":\"a.example.com\",\"header\":\"A\"}",
                "{\"provider\":\"google\",\"apiKey\":\"" + CANARY + "\\u0007\"}",
                "{\"provider\":\"google\",\"apiKey\":{\"" + CANARY + "\":1}}",
                "{\"provider\":\"google\",\"apiKey\":[\"" + CANARY + "\",2]}",
                "{\"provider\":\"google\",\"apiKey\":\"" + CANARY + "\",}",
                "{\"provider\":\"google\",\"apiKey\":\"" + CANARY,
                "\"" + CANARY + "\"",
                CANARY,
                "{\"provider\":\"google\",\"apiKey\":\"" + CANARY + "x".repeat(9000) + "\"}");
        bodies.forEach(
                body -> answers.add(service.admin("POST", "/credentials", body).body()));
        service.proxy.away = true;
        answers.add(service.admin("POST", "/credentials", bodies.getFirst()).body());
        answers.add(service.call(user(Role.MEMBER), "POST", PROJECT, "/credentials", bodies.getFirst())
                .body());
        service.execute("UPDATE credential SET sealed = set_byte(sealed, 90, 0) WHERE provider = 'github'");
        service.rules();
        service.proxy.away = false;
        answers.add(service.admin("GET", "/credentials", "").body());
        answers.add(service.admin("GET", "/credentials/mine", "").body());
        answers.add(service.admin("DELETE", "/credentials/github", "").body());
        await().until(() ->
                service.query("SELECT key FROM job WHERE kind = 'push-rules'").isEmpty());
        return answers;
    }

    /** Every row of every table as text; the outbox holds what goes to Kafka. */
    private static List<String> dump(ServiceUnderTest service) {
        return service.query("SELECT tablename FROM pg_tables WHERE schemaname = 'credential'").stream()
                .flatMap(table -> service.query("SELECT t::text FROM credential." + table + " t").stream())
                .toList();
    }

    private static boolean holdsOne(String text) {
        return text.contains(CANARY)
                || text.contains(
                        java.util.HexFormat.of().formatHex(CANARY.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private void listen() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        for (String name : List.of("dev.slipway", "io.micronaut")) {
            ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.DEBUG);
        }
        var appender = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                String thrown =
                        event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
                logged.add(event.getFormattedMessage()
                        + Objects.requireNonNullElse(event.getKeyValuePairs(), List.of())
                        + thrown);
            }
        };
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
    }
}
