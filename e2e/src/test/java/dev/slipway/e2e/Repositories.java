package dev.slipway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Git repositories as users have them. */
final class Repositories {
    private Repositories() {}

    /** A small repository with one commit on {@code main}. */
    static Path small(Path folder) {
        try {
            Files.createDirectories(folder);
            Commands.git(folder, "init", "-q", "-b", "main");
            Commands.git(folder, "config", "user.name", "Ana");
            Commands.git(folder, "config", "user.email", "ana@example.com");
            Files.writeString(folder.resolve("README.md"), "# A small project\n");
            Commands.git(folder, "add", "-A");
            Commands.git(folder, "commit", "-q", "-m", "Begin");
            return folder;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
