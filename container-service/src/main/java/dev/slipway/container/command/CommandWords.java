package dev.slipway.container.command;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a command line apart into words, by the shell's rules for blanks, quotes and backslashes (POSIX, Shell Command
 * Language, section 2.2). Nothing else of a shell is in it: no variables, no pipes, no second command.
 */
final class CommandWords {
    private CommandWords() {}

    /**
     * The words.
     *
     * @throws IllegalArgumentException if a quote is not closed
     */
    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (int at = 0; at < line.length(); at++) {
            char next = line.charAt(at);
            if (quote == 0 && Character.isWhitespace(next)) {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
                continue;
            }
            word = word == null ? new StringBuilder() : word;
            if (next == quote) {
                quote = 0;
            } else if (quote == 0 && (next == '\'' || next == '"')) {
                quote = next;
            } else if (next == '\\' && quote != '\'' && at + 1 < line.length()) {
                at++;
                word.append(line.charAt(at));
            } else {
                word.append(next);
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote that is not closed");
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }
}
