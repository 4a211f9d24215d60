package dev.slipway.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the journal does when there is no space left: it has kept some, to say so. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullDiskTest {
    @TempDir
    private Path folder;

    @Test
    void entriesGoOnIntoTheReserveAndItIsTakenBackLater() throws Exception {
        try (FullDisk disk = FullDisk.at(folder.resolve("disk"), 24);
                Journal journal =
                        Journal.open(folder.resolve("disk/journal"), Clock.systemUTC(), (head, line, length) -> {})) {
            assertThat(journal.isShortOfSpace()).isFalse();
            disk.fill();

            for (int i = 0; i < 20; i++) {
                journal.appendDurably(
                        "t", "acp.update", JsonNodeFactory.instance.objectNode().put("text", "x".repeat(64 * 1024)));
            }

            assertThat(journal.lastSeq()).isEqualTo(20);
            assertThat(journal.isShortOfSpace()).isTrue();
            disk.free();
            assertThat(journal.isShortOfSpace()).isFalse();
        }
    }
}
