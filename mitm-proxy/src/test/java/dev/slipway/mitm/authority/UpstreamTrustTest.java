package dev.slipway.mitm.authority;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of roots that holds none is the operator's mistake, and is said with the setting's name before anything is served. */
@NullMarked
class UpstreamTrustTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void aFileOfRootsThatHoldsNoneIsRefused() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        Path key = Files.writeString(
                folder.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        for (Path file : List.of(empty, key, folder.resolve("missing.pem"))) {
            assertThatThrownBy(() -> UpstreamTrust.load(Optional.of(file)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("SLIPWAY_TRUSTED_CA_FILE")
                    .hasMessageContaining(file.toString());
        }
    }
}
