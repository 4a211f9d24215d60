package dev.slipway.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.agent.journal.FullDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A turn on a disk without space ends and says why; with space again the next one is as any other. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullDiskTurnTest {
    @TempDir
    private Path folder;

    @Test
    void aTurnOnAFullDiskEndsAndSaysWhy() throws Exception {
        try (FullDisk disk = FullDisk.at(folder.resolve("disk"), 48);
                Sandbox sandbox = Sandbox.in(folder.resolve("disk"))) {
            sandbox.configure("all");
            sandbox.awaitPhase(Phase.READY);
            disk.fill();

            List<JsonNode> full = sandbox.run("t1", "say " + "x".repeat(100_000));

            assertThat(full.getLast().path("data").path("error").path("code").asText())
                    .isEqualTo("disk_full");
            disk.free();
            List<JsonNode> free = sandbox.run("t2", "say hi");
            assertThat(free.getLast().path("data").path("stopReason").asText()).isEqualTo("end_turn");
        }
    }

    @Test
    void anAgentThatCannotStartOnAFullDiskSaysSoAndStartsOnceThereIsSpace() throws Exception {
        try (FullDisk disk = FullDisk.at(folder.resolve("disk"), 48);
                Sandbox sandbox = Sandbox.in(folder.resolve("disk"))) {
            sandbox.configure("all");
            sandbox.awaitPhase(Phase.READY);
            disk.fill();

            sandbox.restart();

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> sandbox.supervisor()
                            .status()
                            .path("message")
                            .asText()
                            .startsWith("The session's disk is full"));
            disk.free();
            assertThat(sandbox.run("t1", "say hi")
                            .getLast()
                            .path("data")
                            .path("stopReason")
                            .asText())
                    .isEqualTo("end_turn");
        }
    }

    @Test
    void aTurnThatWasNotRunSaysSoAlsoWhenThereIsSpaceAgainBeforeItsEnd() throws Exception {
        Path place = folder.resolve("disk");
        try (FullDisk disk = FullDisk.at(place, 48);
                Sandbox sandbox = Sandbox.in(place)) {
            sandbox.configure("all");
            sandbox.awaitPhase(Phase.READY);
            Path workspace = sandbox.paths.workspace();
            // Whatever is put into a checkpoint passes through this, after the turn and before its end.
            Sandbox.git(workspace, "config", "filter.freeing.clean", "rm -f '" + place.resolve("filler") + "'; cat");
            Files.writeString(workspace.resolve(".git/info/attributes"), "*.txt filter=freeing\n");
            Files.writeString(workspace.resolve("made.txt"), "made\n");
            disk.fill();
            sandbox.supervisor()
                    .journal()
                    .append(null, "note", Sandbox.JSON.createObjectNode().put("text", "x".repeat(100_000)));
            await().until(sandbox.supervisor().journal()::isShortOfSpace);

            List<JsonNode> turn = sandbox.run("t1", "say hi");

            assertThat(place.resolve("filler")).doesNotExist();
            assertThat(turn.getLast().path("data").path("error").path("code").asText())
                    .isEqualTo("disk_full");
        }
    }
}
