package dev.slipway.devstack.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a service did not start, in one line for people: what its own code and the libraries below said, from the outermost to the cause.
 * What the framework says around it, which bean needed which other, is for the log.
 */
final class Reason {
    private static final String FRAMEWORK = "io.micronaut.";
    /** As a stack trace writes the beginning of an exception, at its head or as a cause. */
    private static final Pattern EXCEPTION = Pattern.compile(
            "(?:Caused by: |Exception in thread \"[^\"]*\" )?((?:[a-z_0-9]+\\.)+[A-Z][\\w$]*)(?:: (.*))?");

    private static final int LENGTH_MAX = 600;

    private Reason() {}

    static String of(Throwable failure) {
        List<String> said = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            add(said, cause.getClass().getName(), cause.getMessage());
        }
        return said.isEmpty() ? firstLine(String.valueOf(failure.getMessage())) : joined(said);
    }

    /** The same from the last exception in what a process wrote; its last line where it wrote of none; empty if it wrote nothing. */
    static Optional<String> inLog(String written) {
        List<String> said = new ArrayList<>();
        String last = "";
        for (String line : written.lines().toList()) {
            Matcher found = EXCEPTION.matcher(line);
            if (found.matches()) {
                if (!line.startsWith("Caused by: ")) {
                    said.clear();
                }
                add(said, found.group(1), found.group(2));
            }
            last = line.isBlank() ? last : line;
        }
        return Optional.of(said.isEmpty() ? firstLine(last) : joined(said)).filter(reason -> !reason.isEmpty());
    }

    private static void add(List<String> said, String exception, @Nullable String message) {
        if (exception.startsWith(FRAMEWORK) || message == null || message.isBlank()) {
            return;
        }
        String line = firstLine(message);
        // Many an exception only repeats the message of its cause, with or without the name of its class.
        if (said.stream().noneMatch(before -> before.contains(line))) {
            said.add(line);
        }
    }

    private static String joined(List<String> said) {
        return firstLine(String.join(": ", said));
    }

    private static String firstLine(String text) {
        String line = text.strip().lines().findFirst().orElse("").strip();
        return line.length() <= LENGTH_MAX ? line : line.substring(0, LENGTH_MAX) + " …";
    }
}
