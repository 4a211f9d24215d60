package dev.slipway.credential;

import static dev.slipway.credential.testing.ServiceUnderTest.PROJECT;
import static dev.slipway.credential.testing.ServiceUnderTest.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
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
