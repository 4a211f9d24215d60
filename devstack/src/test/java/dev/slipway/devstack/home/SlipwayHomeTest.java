package dev.slipway.devstack.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.devstack.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a stack keeps its state and its sockets. */
class SlipwayHomeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void onlyTheOwnerMayEnter() throws IOException {
        SlipwayHome home = new SlipwayHome(directory.resolve("home")).create();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.root())))
                .isEqualTo("rwx------");
    }

    @Test
    void aSocketsPathStaysShortHoweverLongTheHomeIs() throws IOException {
        SlipwayHome home = new SlipwayHome(directory.resolve("a".repeat(80))).create();

        Path run = home.runDirectory();

        assertThat((run + "/0123456789abcdef/egress/egress.sock").length()).isLessThan(104);
        assertThat(run).isEqualTo(home.runDirectory());
        Files.delete(run);
    }

    @Test
    void aSharedFolderThatOthersMayReadIsRefused() throws IOException {
        SlipwayHome home = new SlipwayHome(directory.resolve("b".repeat(80))).create();
        Path run = home.runDirectory();
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(home::runDirectory).isInstanceOf(StartFailure.class).hasMessageContaining("not ours alone");
        Files.delete(run);
    }
}
