package dev.slipway.mitm.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.mitm.EgressRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader that is too slow costs records, which are counted, and never time. */
@NullMarked
class EgressLogTest {
    @Test
    @Timeout(20)
    void whatDoesNotFitIsCountedAndNobodyWaits() throws Exception {
        EgressLog log = new EgressLog(600);

        for (int i = 0; i < 1_000; i++) {
            log.add(record(i));
        }

        assertThat(log.dropped()).isEqualTo(400);
        assertThat(log.take(Duration.ofSeconds(1)))
                .hasSize(500)
                .extracting(EgressRecord::port)
                .startsWith(0, 1, 2);
        assertThat(log.take(Duration.ofSeconds(1))).hasSize(100);
        log.add(record(7));
        assertThat(log.dropped()).isEqualTo(400);
        assertThat(log.take(Duration.ofSeconds(1)))
                .extracting(EgressRecord::port)
                .containsExactly(7);
    }

    private static EgressRecord record(int port) {
        return new EgressRecord(
                "id",
                "project",
                "session",
                Instant.EPOCH,
                "https",
                "api.example.com",
                port,
                "GET",
                "/",
                "allowed",
                "test",
                200,
                1,
                2,
                3,
                null,
                List.of());
    }
}
