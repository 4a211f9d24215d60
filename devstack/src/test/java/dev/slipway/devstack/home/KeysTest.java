package dev.slipway.devstack.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Missing keys are made once, for their owner's eyes only, and that is said. */
class KeysTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final List<String> said = new ArrayList<>();

    @Test
    void newKeysAreThirtyTwoRandomBytesEach() throws IOException {
        Keys keys = Keys.loadOrMake(directory, said::add);

        assertThat(Base64.getDecoder().decode(keys.internal())).hasSize(32);
        assertThat(Base64.getDecoder().decode(keys.encryption())).hasSize(32);
        assertThat(keys.internal()).isNotEqualTo(keys.encryption());
    }

    @Test
    void nobodyElseMayReadThem() throws IOException {
        Keys.loadOrMake(directory, said::add);

        for (String name : List.of("internal.key", "encryption.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void theSecondStartFindsTheSameAndSaysNothing() throws IOException {
        Keys first = Keys.loadOrMake(directory, said::add);
        assertThat(said).hasSize(2).allSatisfy(line -> assertThat(line).contains(directory.toString()));
        said.clear();

        Keys second = Keys.loadOrMake(directory, said::add);

        assertThat(second).isEqualTo(first);
        assertThat(said).isEmpty();
    }

    @Test
    void aKeyFromTheEnvironmentWins() throws IOException {
        Keys made = Keys.loadOrMake(directory, said::add);

        Keys used = made.orFrom(Map.of("ENCRYPTION_KEY", "given"));

        assertThat(used.encryption()).isEqualTo("given");
        assertThat(used.internal()).isEqualTo(made.internal());
    }

    @Test
    void noKeyIsEverPrinted() throws IOException {
        Keys keys = Keys.loadOrMake(directory, said::add);

        assertThat(keys.toString()).doesNotContain(keys.internal()).doesNotContain(keys.encryption());
        assertThat(said).noneMatch(line -> line.contains(keys.internal()) || line.contains(keys.encryption()));
    }
}
