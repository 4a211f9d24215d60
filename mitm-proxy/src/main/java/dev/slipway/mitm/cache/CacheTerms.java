package dev.slipway.mitm.cache;

import dev.slipway.mitm.address.HostName;
import dev.slipway.mitm.address.MalformedHost;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What the operator set about the store; may change while it is in use.
 *
 * @param enabled whether it is looked at and filled at all
 * @param bytesMax how much it may hold, if not what the process was started with
 * @param patterns addresses whose bodies never change, besides those that are known to be so
 */
public record CacheTerms(boolean enabled, OptionalLong bytesMax, List<Pattern> patterns) {
    /** Nothing set. */
    public static final CacheTerms NONE = new CacheTerms(true, OptionalLong.empty(), List.of());

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15}) ?([KMGT]?B)?");

    public CacheTerms {
        patterns = List.copyOf(patterns);
    }

    /** A size such as {@code 20GB}, {@code 500 MB} or {@code 1000000}; empty if the text is none. Units are decimal. */
    public static Optional<Long> size(String text) {
        var matcher = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        long scale = 1;
        for (int i = 0; i < "KMGT".indexOf(unit.charAt(0)) + 1; i++) {
            scale *= 1_000;
        }
        try {
            return Optional.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), scale));
        } catch (ArithmeticException tooLarge) {
            return Optional.empty();
        }
    }

    /**
     * A pattern for host and path, {@code files.example.com/releases/*.tgz}; a star stands for any characters.
     *
     * @throws MalformedHost if there is no host that could be read, or one with a star
     */
    public static Pattern pattern(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || text.lastIndexOf('*', slash) >= 0) {
            throw new MalformedHost(text + ": no address (expected: host/path, stars in the path alone)");
        }
        String host = HostName.parse(text.substring(0, slash)).text();
        StringBuilder regex = new StringBuilder();
        for (String part : (host + text.substring(slash)).split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(regex.toString());
    }

    boolean isFixed(String host, String path) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.matcher(host + path).matches());
    }
}
