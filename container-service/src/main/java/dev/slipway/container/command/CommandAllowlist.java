package dev.slipway.container.command;

import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;

/** The commands that the operator allows, compared word by word, so that quotes and blanks hide nothing. */
@Singleton
class CommandAllowlist {
    private static final String ANYTHING = "*";

    private final List<List<String>> entries;

    CommandAllowlist(CommandSettings settings) {
        entries = Arrays.stream(settings.allow().split("[,\n]", -1))
                .map(CommandWords::of)
                .filter(words -> !words.isEmpty())
                .toList();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean allows(List<String> command) {
        return entries.stream().anyMatch(entry -> matches(entry, command));
    }

    private static boolean matches(List<String> entry, List<String> command) {
        if (!entry.getLast().equals(ANYTHING)) {
            return entry.equals(command);
        }
        List<String> beginning = entry.subList(0, entry.size() - 1);
        return command.size() >= beginning.size()
                && command.subList(0, beginning.size()).equals(beginning);
    }
}
