package dev.slipway.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What `up` was asked for. */
class OptionsTest {
    @Test
    void withoutAnythingItIsPort8080InTheHomeFolderOnServersOfItsOwn() {
        Options options = Options.parse(new String[0], Map.of());

        assertThat(options.port()).isEqualTo(8080);
        assertThat(options.home()).isEqualTo(Path.of(System.getProperty("user.home"), ".slipway"));
        assertThat(options.database()).isNull();
        assertThat(options.kafka()).isNull();
        assertThat(options.isolated()).isFalse();
    }

    @Test
    void theEnvironmentIsHonouredAndAnOptionWinsOverIt() {
        Map<String, String> environment =
                Map.of("PORT", "9000", "SLIPWAY_HOME", "/srv/slipway", "DATABASE_DSN", "postgres://ann:secret@db/main");

        Options options = Options.parse(new String[] {"--port", "9100", "--isolated"}, environment);

        assertThat(options.port()).isEqualTo(9100);
        assertThat(options.isolated()).isTrue();
        assertThat(options.home()).isEqualTo(Path.of("/srv/slipway"));
        assertThat(options.database()).hasToString("ann@db:5432/main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"65536", "-1", "http", ""})
    void aPortThatIsNoneIsRefused(String port) {
        assertThatThrownBy(() -> Options.parse(new String[] {"--port", port}, Map.of()))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("expected: a number from 0 to 65535");
    }
}
