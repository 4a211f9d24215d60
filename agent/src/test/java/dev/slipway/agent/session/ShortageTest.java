package dev.slipway.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said when a sandbox has run out of something, read as the two versions of control groups have it. */
class ShortageTest {
    @TempDir
    Path cgroups;

    @Test
    void memoryIsCountedByTheSecondVersion() throws IOException {
        write("memory.events", "low 0\nhigh 0\nmax 12\noom 2\noom_kill 1\n");
        write("pids.events", "max 0\n");

        assertThat(Shortage.now(cgroups).since(new Shortage(0, 0)))
                .hasValueSatisfying(said -> assertThat(said).contains("ran out of memory"));
    }

    @Test
    void processesAreCountedByTheFirstVersion() throws IOException {
        write("memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        write("pids/pids.events", "max 7\n");

        Shortage now = Shortage.now(cgroups);

        assertThat(now).isEqualTo(new Shortage(3, 7));
        assertThat(now.since(new Shortage(3, 6)))
                .hasValueSatisfying(said -> assertThat(said).contains("as many processes as it may have"));
    }

    @Test
    void whatWasShortEarlierExplainsNothingNow() {
        assertThat(new Shortage(1, 1).since(new Shortage(1, 1))).isEmpty();
        assertThat(Shortage.now(cgroups)).isEqualTo(new Shortage(0, 0));
    }

    private void write(String name, String text) throws IOException {
        Path file = cgroups.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
