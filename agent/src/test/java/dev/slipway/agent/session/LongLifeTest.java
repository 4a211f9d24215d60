package dev.slipway.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent that has lived well for long is followed by another as any is, and that one takes turns. */
@Timeout(120)
class LongLifeTest {
    private static final class LaterClock extends Clock {
        private volatile Duration later = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(later);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @TempDir
    private Path folder;

    private final LaterClock clock = new LaterClock();
    private Sandbox sandbox;

    @BeforeEach
    void boot() throws Exception {
        sandbox = Sandbox.in(folder, clock);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void oneThatHasLostItsProcessIsFollowedByOneThatTakesTurns() throws Exception {
        readyForLong();

        JsonNode lost = sandbox.run("t1", "lose process").getLast().path("data").path("error");

        assertThat(lost.path("code").asText()).isEqualTo("agent_exited");
        assertThat(sandbox.run("t2", "say back").toString()).contains("\"text\":\"back\"");
    }

    @Test
    void aChangedOneTakesTurns() throws Exception {
        readyForLong();

        configureAnother();

        assertThat(sandbox.run("t1", "env MINE").toString()).contains("\"text\":\"new\"");
    }

    @Test
    void oneThatIsChangedWhileItIsBroughtHereTakesTurns() throws Exception {
        sandbox.configure("all");
        await().pollInterval(Duration.ofMillis(2))
                .until(() ->
                        !sandbox.supervisor().status().path("message").asText().startsWith("waiting"));

        configureAnother();

        assertThat(sandbox.run("t1", "env MINE").toString()).contains("\"text\":\"new\"");
    }

    private void readyForLong() throws Exception {
        sandbox.configure("all");
        sandbox.awaitPhase(Phase.READY);
        clock.later = Duration.ofSeconds(31);
    }

    private void configureAnother() throws Exception {
        sandbox.supervisor().configure(AgentSession.parse(sandbox.session("all", Map.of("MINE", "new"))));
    }
}
