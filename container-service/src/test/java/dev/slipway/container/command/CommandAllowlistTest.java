package dev.slipway.container.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only what the operator listed is run. */
@NullMarked
class CommandAllowlistTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "npm test | true",
                "npm   'test' | true",
                "npm test --force | false",
                "npm | false",
                "git log -1 --format='%H %s' | true",
                "git log | true",
                "git push | false",
                "npm test; rm -rf / | false",
                "npm test && id | false",
                "\"npm test\" | false"
            })
    void aCommandIsComparedWordByWord(String command, boolean allowed) {
        CommandAllowlist list = list("npm test, git log *");

        assertThat(list.allows(CommandWords.of(command))).isEqualTo(allowed);
    }

    @Test
    void anEmptyListAllowsNothingAndAStarAnything() {
        assertThat(list("").allows(CommandWords.of("true"))).isFalse();
        assertThat(list(" , ").isEmpty()).isTrue();
        assertThat(list("*").allows(CommandWords.of("rm -rf x"))).isTrue();
    }

    @Test
    void wordsAreTheShells() {
        assertThat(CommandWords.of(" a\\ b 'c \"d' \"e 'f\\\"\" '' ")).containsExactly("a b", "c \"d", "e 'f\"", "");
        assertThatThrownBy(() -> CommandWords.of("a 'b")).isInstanceOf(IllegalArgumentException.class);
    }

    private static CommandAllowlist list(String allow) {
        return new CommandAllowlist(new CommandSettings(allow, Duration.ofSeconds(1), Duration.ofSeconds(2), 100));
    }
}
