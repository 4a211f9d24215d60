package dev.slipway.workspace.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The git program as a user has it, in a folder. */
public record Shell(Path folder) {
    /** What a command said and how it ended. */
    public record Said(int exit, String text) {}

    /** A new repository with one commit that has {@code readme.txt}. */
    public static Shell repository(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Shell shell = new Shell(folder);
        shell.git("init", "-q", "-b", "main");
        shell.write("readme.txt", "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n");
        shell.commit("first");
        return shell;
    }

    /** Runs git; fails the test if git fails. */
    public String git(String... arguments) {
        Said said = attempt(arguments);
        if (said.exit() != 0) {
            throw new AssertionError("git " + arguments[0] + ": " + said.text());
        }
        return said.text().strip();
    }

    /** Runs git, which may fail. */
    public Said attempt(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=Uma User", "-c", "user.email=uma@example.org"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("GIT_CONFIG_GLOBAL", "/nowhere/gitconfig");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(process.waitFor(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Writes a file. */
    public void write(String path, String text) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a file. */
    public String read(String path) {
        try {
            return Files.readString(folder.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits everything; the commit. */
    public String commit(String message) {
        git("add", "-A");
        git("commit", "-q", "-m", message);
        return head();
    }

    /** The commit that is checked out. */
    public String head() {
        return git("rev-parse", "HEAD");
    }
}
