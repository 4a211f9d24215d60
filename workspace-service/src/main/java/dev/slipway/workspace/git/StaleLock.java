package dev.slipway.workspace.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lock files that a git left which was killed. Only in repositories of ours, where no command holds a lock for as long as
 * {@link #OLD}: whoever left an older one is dead.
 */
public final class StaleLock {
    /** How old a lock is that nobody holds any more. */
    public static final Duration OLD = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(StaleLock.class);
    private static final Duration OLD_FOR_FETCHES = Duration.ofMinutes(31);
    private static final Pattern EXISTS = Pattern.compile("Unable to create '([^'\\n]+\\.lock)': File exists");
    private static final long LOOK_EVERY_MILLIS = 200;

    private StaleLock() {}

    /** Waits for the lock that git complains of; true if it is gone then and the command can be repeated. */
    static boolean isGone(Path repository, String error) throws InterruptedException {
        Matcher lock = EXISTS.matcher(error);
        if (!lock.find()) {
            return false;
        }
        Path file = Path.of(lock.group(1));
        if (!file.normalize().startsWith(repository) || isOfFetch(file)) {
            return false;
        }
        while (Files.exists(file) && !remove(file, OLD)) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return true;
    }

    /** Removes these locks, if they are old. */
    public static void sweep(Path repository, String... names) {
        for (String name : names) {
            Path file = repository.resolve(name);
            remove(file, isOfFetch(file) ? OLD_FOR_FETCHES : OLD);
        }
    }

    /** Removes a lock that is older than this; true if it is gone. */
    public static boolean remove(Path file, Duration age) {
        try {
            if (!Files.exists(file)) {
                return true;
            }
            Instant made = Files.getLastModifiedTime(file).toInstant();
            if (made.plus(age).isAfter(Instant.now())) {
                return false;
            }
            LOG.atWarn().addKeyValue("lock", file).log("stale git lock removed");
            return Files.deleteIfExists(file) || !Files.exists(file);
        } catch (java.nio.file.NoSuchFileException _) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("stale lock " + file, e);
        }
    }

    /** Held while a shallow repository fetches, which may take as long as a clone. */
    private static boolean isOfFetch(Path file) {
        return file.endsWith("shallow.lock");
    }
}
