package dev.slipway.workspace.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Folders that appear whole or not at all, and go whole. */
public final class Folders {
    private Folders() {}

    /** An empty folder beside the place that it is to have; what a crash left there is removed. */
    static Path staging(Path place) {
        try {
            Path staging = place.resolveSibling(place.getFileName() + ".new");
            delete(staging);
            return Files.createDirectories(staging);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder beside " + place, e);
        }
    }

    /** Gives a folder its place. */
    static void publish(Path staging, Path place) {
        try {
            Files.move(staging, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot move a folder to " + place, e);
        }
    }

    /** Takes a folder away: out of sight first, so that nobody meets half of it. */
    public static void remove(Path place) {
        try {
            Path gone = place.resolveSibling(place.getFileName() + ".gone");
            delete(gone);
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(place, gone, StandardCopyOption.ATOMIC_MOVE);
            }
            delete(gone);
            delete(place.resolveSibling(place.getFileName() + ".new"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + place, e);
        }
    }

    /** Deletes a folder and all in it; links are deleted, not followed. */
    public static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error) throws IOException {
                if (error != null) {
                    throw error;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
