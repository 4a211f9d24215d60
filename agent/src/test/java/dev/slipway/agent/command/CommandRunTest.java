package dev.slipway.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command ends by itself, by its time or by whoever asked for it, and leaves nothing running. */
@Timeout(30)
class CommandRunTest {
    @TempDir
    private Path folder;

    @Test
    void whatItWroteAndHowItEndedComesBack() throws Exception {
        try (CommandRun run = start(Duration.ofSeconds(20), 1000, "sh", "-c", "echo out; echo err >&2; exit 3")) {
            assertThat(run.await(Duration.ofSeconds(10))).isTrue();

            CommandRun.Result result = run.result();

            assertThat(result.code()).isEqualTo(3);
            assertThat(result.output()).isEqualTo("out\n");
            assertThat(result.error()).isEqualTo("err\n");
            assertThat(result.truncated()).isFalse();
        }
    }

    @Test
    void nothingOfWhatItWroteBeforeItEndedIsLost() throws Exception {
        for (int i = 0; i < 40; i++) {
            String script = "head -c 60000 /dev/zero | tr '\\0' x; echo done";
            try (CommandRun run = start(Duration.ofSeconds(20), 100_000, "sh", "-c", script)) {
                assertThat(run.await(Duration.ofSeconds(10))).isTrue();

                assertThat(run.result().output())
                        .hasSize(60_000 + "done\n".length())
                        .endsWith("xdone\n");
            }
        }
    }

    @Test
    void outputBeyondTheLimitIsReadAndDropped() throws Exception {
        try (CommandRun run = start(Duration.ofSeconds(20), 10, "sh", "-c", "seq 1 100000")) {
            assertThat(run.await(Duration.ofSeconds(10))).isTrue();

            CommandRun.Result result = run.result();

            assertThat(result.code()).isZero();
            assertThat(result.output()).isEqualTo("1\n2\n3\n4\n5\n");
            assertThat(result.truncated()).isTrue();
        }
    }

    @Test
    void oneWhoseTimeIsOverIsEndedWithItsChildren() throws Exception {
        try (CommandRun run = start(Duration.ofSeconds(2), 10, "sh", "-c", "sleep 987 & wait")) {
            assertThat(run.await(Duration.ofSeconds(10))).isTrue();
            ProcessHandle sleeper = sleeper();

            assertThat(run.result().code()).isEqualTo(CommandRun.TIMED_OUT);

            await().until(() -> !sleeper.isAlive());
        }
    }

    @Test
    void oneThatNobodyWantsAnyMoreIsEnded() throws Exception {
        CommandRun run = start(Duration.ofSeconds(20), 10, "sh", "-c", "sleep 987 & wait");
        await().until(() -> ProcessHandle.current().descendants().anyMatch(CommandRunTest::sleeps));
        ProcessHandle sleeper = sleeper();

        run.close();

        await().until(() -> !sleeper.isAlive());
    }

    private CommandRun start(Duration timeout, int bytes, String... command) throws Exception {
        return CommandRun.start(List.of(command), folder, Map.of(), timeout, bytes);
    }

    private static ProcessHandle sleeper() {
        return ProcessHandle.current()
                .descendants()
                .filter(CommandRunTest::sleeps)
                .findFirst()
                .orElseThrow();
    }

    private static boolean sleeps(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("sleep 987")
                && process.info().command().orElse("").endsWith("sleep");
    }
}
