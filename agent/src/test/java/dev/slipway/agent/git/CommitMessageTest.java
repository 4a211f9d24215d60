package dev.slipway.agent.git;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a prompt becomes the title of a commit. */
class CommitMessageTest {
    private static String title(String prompt) {
        return CommitMessage.of(prompt, "t", "s", "Codex", "codex")
                .lines()
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Fix the login | fix: fix the login",
                "Add a button | feat: add a button",
                "Rename Foo to Bar | refactor: rename Foo to Bar",
                "What is this? | chore: what is this?",
                "'' | chore: work of an agent",
                "Improve the README | docs: improve the README"
            })
    void theKindFollowsFromTheFirstWords(String prompt, String title) {
        assertThat(title(prompt)).isEqualTo(title);
    }

    @Test
    void onlyTheFirstLineCountsAndItIsCutBetweenWords() {
        String title = title("\n  Add \t" + "wörter ".repeat(30) + "\nsecond line");

        assertThat(title)
                .startsWith("feat: add wörter wörter")
                .endsWith("wörter…")
                .doesNotContain("second");
        assertThat(title.length()).isLessThanOrEqualTo(72);
    }

    @Test
    void aSurrogatePairIsNeverCut() {
        String title = title("x" + "\uD83D\uDE80".repeat(100));

        assertThat(title.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE))
                .isTrue();
    }
}
