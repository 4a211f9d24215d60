package dev.slipway.workspace.registry;

import dev.slipway.kit.problem.ProblemException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Public keys of ssh hosts, as {@code ssh-keyscan} prints them without the host: {@code type base64}, one a line. */
final class HostKeys {
    private static final int LENGTH_MAX = 8_000;
    private static final Pattern LINE = Pattern.compile("[a-z0-9@.-]{3,64} [A-Za-z0-9+/]{20,4000}={0,3}");

    private HostKeys() {}

    /** The keys, or 400; null for none. */
    static @Nullable String checked(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        String keys = text.strip();
        boolean good = keys.length() <= LENGTH_MAX
                && keys.lines().allMatch(line -> LINE.matcher(line).matches());
        if (!good) {
            throw ProblemException.invalid(
                    "hostKey", "not a host's key (expected: type and base64, as ssh-ed25519 AAAA…, one a line)");
        }
        return keys;
    }
}
