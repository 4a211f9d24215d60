package dev.slipway.container.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** How many processes a container may be given here. */
@NullMarked
class ProcessCeilingTest {
    /** With the first digit of the kernel's own maximum alone, no program of a sandbox could be started. */
    @Test
    void itIsTheWholeNumberAndNotItsFirstDigit() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/sys/kernel/pid_max")), "only Linux has these numbers");
        Process ulimit = new ProcessBuilder("sh", "-c", "cat /proc/sys/kernel/pid_max; ulimit -Hu").start();
        List<String> said = new String(ulimit.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .toList();
        long own = said.getLast().equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(said.getLast());

        assertThat(ProcessCeiling.here())
                .hasValue(Math.min(Math.min(1024 * 1024, Long.parseLong(said.getFirst())), own));
    }
}
