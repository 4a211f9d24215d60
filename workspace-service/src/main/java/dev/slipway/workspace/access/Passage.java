package dev.slipway.workspace.access;

import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.workspace.git.GitCommand;
import java.nio.file.Path;
import java.util.Optional;

/** A way to one remote, for as long as it is open. */
public interface Passage extends AutoCloseable {
    /** The command, with all that it needs to get there, and nothing by which it could get elsewhere. */
    GitCommand through(GitCommand command);

    /** The key that the host showed, if it was seen for the first time; it is there once a command has succeeded. */
    default Optional<String> learnedHostKey() {
        return Optional.empty();
    }

    /** The door at mitm-proxy, if the way leads through one. */
    default Optional<EgressDoor> door() {
        return Optional.empty();
    }

    /** A file with the certificates to trust behind the door. */
    default Optional<Path> roots() {
        return Optional.empty();
    }

    /** The name to give at the door. */
    default String doorId() {
        return "";
    }

    @Override
    void close();
}
