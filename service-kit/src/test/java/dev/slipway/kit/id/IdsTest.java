package dev.slipway.kit.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Identifiers made here, and those that clients choose. */
@NullMarked
class IdsTest {
    @Test
    void areUuidsOfVersionSevenAndNeverTheSame() {
        Set<UUID> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            UUID id = Ids.next();
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(seen.add(id)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0198f3c2-7e1b-7000-8000-000000000000", "My-Session-1"})
    void mayBeChosenByClients(String id) {
        assertThat(Ids.isWellFormed(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-rf", "a/b", "..", "a b", "a\n", "ä", "a.b", "a_b"})
    void areRefusedWhenTheyCouldMeanSomethingElse(String id) {
        assertThat(Ids.isWellFormed(id)).isFalse();
    }

    @Test
    void areRefusedWhenTooLong() {
        assertThat(Ids.isWellFormed("a".repeat(65))).isTrue();
        assertThat(Ids.isWellFormed("a".repeat(66))).isFalse();
    }
}
