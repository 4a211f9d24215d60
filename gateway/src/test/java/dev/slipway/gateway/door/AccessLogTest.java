package dev.slipway.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.slipway.gateway.Client;
import dev.slipway.gateway.Gateways;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Each answer leaves a line, and no line a secret; each answer has the headers that keep browsers in check. */
class AccessLogTest {
    private static final class Kept extends AppenderBase<ILoggingEvent> {
        final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            event.getFormattedMessage().lines().forEach(lines::add);
        }
    }

    @Test
    void momentsAreWrittenAsEverywhereElse() {
        DateTimeFormatter millis =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
        AccessLog.Stamp stamp = new AccessLog.Stamp();
        for (long at :
                new long[] {0, 999, 1_000, 1_001, 1_764_495_000_010L, 1_764_495_000_100L, 1_764_494_999_999L, -1}) {
            StringBuilder text = new StringBuilder();
            stamp.append(text, at);
            assertThat(text).hasToString(millis.format(Instant.ofEpochMilli(at)));
            assertThat(Instant.parse(text)).isEqualTo(Instant.ofEpochMilli(at));
        }
    }

    @Test
    void everyAnswerLeavesALineWithoutSecrets() {
        Logger log = (Logger) LoggerFactory.getLogger("access");
        Kept kept = new Kept();
        Level before = log.getLevel();
        log.setLevel(Level.INFO);
        kept.start();
        log.addAppender(kept);
        EmbeddedServer gateway = Gateways.withLogin("http://127.0.0.1:1", Map.of());
        try {
            Client nobody = Client.nobody(gateway);
            nobody.post("/api/invitations/secret-in-path/accept", "", "X-Request-Id", "line-1");
            nobody.get("/preview/s1/3000~secret-ticket/page", "X-Request-Id", "line-2");
            nobody.get("/ws/events?token=secret-in-query", "X-Request-Id", "line-3");
            nobody.as("secret-bearer").get("/auth/me?code=secret-code", "X-Request-Id", "line-4");

            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                for (int i = 1; i <= 4; i++) {
                    String id = "requestId=line-" + i;
                    assertThat(kept.lines).filteredOn(line -> line.contains(id)).hasSize(1);
                }
            });
            assertThat(kept.lines).noneMatch(line -> line.contains("secret"));
            assertThat(kept.lines).anyMatch(line -> line.contains("path=/api/invitations/…/accept status=401"));
            Client.Answer answer = nobody.get("/api/projects");
            assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(answer.header("content-security-policy")).contains("default-src 'none'");
            assertThat(answer.header("referrer-policy")).isEqualTo("same-origin");
            assertThat(answer.header("cache-control")).isEqualTo("no-store");
            assertThat(answer.header("x-request-id")).isNotEmpty();
        } finally {
            gateway.close();
            log.detachAppender(kept);
            log.setLevel(before);
        }
    }
}
