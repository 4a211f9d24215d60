package dev.slipway.mitm.inject;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The query of a request target, taken apart without changing what is not touched. */
public final class Query {
    /** One parameter as it stands in the target, with its name and value decoded. */
    public record Parameter(String raw, String name, String value) {}

    private Query() {}

    /** The target without those parameters. */
    static String without(String uri, Predicate<Parameter> unwanted) {
        int start = uri.indexOf('?');
        if (start < 0) {
            return uri;
        }
        String kept = parameters(uri.substring(start + 1))
                .filter(unwanted.negate())
                .map(Parameter::raw)
                .collect(Collectors.joining("&"));
        return kept.isEmpty() ? uri.substring(0, start) : uri.substring(0, start + 1) + kept;
    }

    /** The target with each value of its query replaced by {@code …}: what a log may show. */
    public static String redacted(String uri) {
        int start = uri.indexOf('?');
        if (start < 0) {
            return uri;
        }
        return uri.substring(0, start + 1)
                + parameters(uri.substring(start + 1))
                        .map(parameter -> parameter.raw.indexOf('=') < 0
                                ? "…"
                                : parameter.raw.substring(0, parameter.raw.indexOf('=') + 1) + "…")
                        .collect(Collectors.joining("&"));
    }

    static boolean has(String uri, Predicate<Parameter> wanted) {
        int start = uri.indexOf('?');
        return start >= 0 && parameters(uri.substring(start + 1)).anyMatch(wanted);
    }

    private static Stream<Parameter> parameters(String query) {
        return Stream.of(query.split("&", -1)).map(Query::parameter);
    }

    private static Parameter parameter(String raw) {
        int equals = raw.indexOf('=');
        String name = equals < 0 ? raw : raw.substring(0, equals);
        String value = equals < 0 ? "" : raw.substring(equals + 1);
        return new Parameter(raw, decoded(name), decoded(value));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
