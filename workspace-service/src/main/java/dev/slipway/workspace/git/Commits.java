package dev.slipway.workspace.git;

import java.util.Optional;

/** Looks commits up. */
final class Commits {
    private Commits() {}

    /** The object's id, if there is one of this name. The name is a value: it cannot be taken for an option. */
    static Optional<String> resolve(GitCommand command, String name) {
        GitOutput output = command.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", name);
        String line = output.line();
        return output.ok() && line.matches("[0-9a-f]{40,64}") ? Optional.of(line) : Optional.empty();
    }
}
