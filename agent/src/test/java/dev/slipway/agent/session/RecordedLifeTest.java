package dev.slipway.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The supervisor with agents that answer what real ones answered: between one process of the agent and the next. */
@Timeout(120)
class RecordedLifeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** The real time and a shift, which the agent is told too. */
    private final class ShiftedClock extends Clock {
        private long millis;

        /** From now on it is this second of the present minute. */
        synchronized void turnToSecond(double second) throws IOException {
            Instant minute = instant().truncatedTo(ChronoUnit.MINUTES);
            millis = millis + Duration.between(instant(), minute).toMillis() + (long) (second * 1000);
            Path file = folder.resolve("data/home/shift");
            Files.createDirectories(file.getParent());
            Files.writeString(file, String.valueOf(millis));
        }

        @Override
        public synchronized Instant instant() {
            return Instant.now().plusMillis(millis);
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

    private void configure(Sandbox sandbox, String type, String recording, boolean flawed) throws IOException {
        ObjectNode session = (ObjectNode) sandbox.session("all", java.util.Map.of());
        ObjectNode agent = (ObjectNode) session.path("agent");
        agent.put("type", type);
        if (flawed) {
            ((ObjectNode) agent.path("env")).put("MINUTES", "yes");
        }
        agent.putArray("command")
                .add(Path.of(System.getProperty("java.home"), "bin/java").toString())
                .add("-XX:TieredStopAtLevel=1")
                .add("-cp")
                .add(System.getProperty("java.class.path"))
                .add(RecordedAgent.class.getName())
                .add(recording);
        sandbox.supervisor().configure(AgentSession.parse(session));
        sandbox.awaitPhase(Phase.READY);
    }

    private List<JsonNode> asked(Sandbox sandbox) throws IOException {
        return Files.readAllLines(sandbox.paths.home().resolve("asked")).stream()
                .map(line -> {
                    try {
                        return Sandbox.JSON.readTree(line);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    private static JsonNode lastStart(Sandbox sandbox) {
        return sandbox.entries().stream()
                .filter(entry -> entry.path("kind").asText().equals("agent.started"))
                .toList()
                .getLast()
                .path("data");
    }

    @Test
    void aGeminiSessionIsNotLoadedInTheMinuteInWhichItWasMade() throws Exception {
        ShiftedClock clock = new ShiftedClock();
        clock.turnToSecond(5);
        try (Sandbox sandbox = Sandbox.in(folder, clock)) {
            configure(sandbox, "gemini-cli", "gemini-load", true);
            String made = lastStart(sandbox).path("acpSessionId").asText();

            // Two seconds are left of the minute.
            clock.turnToSecond(58);
            long before = System.nanoTime();
            sandbox.restart();
            sandbox.awaitPhase(Phase.READY);

            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before))
                    .isGreaterThan(2_000);
            assertThat(lastStart(sandbox).path("resumed").asBoolean()).isTrue();
            assertThat(lastStart(sandbox).path("acpSessionId").asText()).isEqualTo(made);
            assertThat(asked(sandbox).stream()
                            .map(message -> message.path("method").asText())
                            .filter(method -> method.startsWith("session/new") || method.startsWith("session/load")))
                    .containsExactly("session/new", "session/load");
        }
    }

    @Test
    void whatTheRuleIsForIsThatAnEarlyLoadLosesTheSession() throws Exception {
        ShiftedClock clock = new ShiftedClock();
        clock.turnToSecond(5);
        try (Sandbox sandbox = Sandbox.in(folder, clock)) {
            // As a type of which the rule is not known.
            configure(sandbox, "acp", "gemini-load", true);

            sandbox.restart();
            sandbox.awaitPhase(Phase.READY);

            assertThat(lastStart(sandbox).path("resumed").asBoolean()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"claude,true", "codex,true", "opencode,true", "gemini-load,false"})
    void anAgentThatOffersItIsToldToCloseItsSession(String recording, boolean offered) throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            configure(sandbox, "acp", recording, false);
            String session = lastStart(sandbox).path("acpSessionId").asText();

            sandbox.supervisor().close();

            List<JsonNode> asked = asked(sandbox);
            if (offered) {
                assertThat(asked.getLast().path("method").asText()).isEqualTo("session/close");
                assertThat(asked.getLast().path("params").path("sessionId").asText())
                        .isEqualTo(session)
                        .isNotEmpty();
            } else {
                assertThat(asked.toString()).doesNotContain("session/close");
            }
        }
    }
}
