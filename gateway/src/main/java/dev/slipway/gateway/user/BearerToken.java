package dev.slipway.gateway.user;

import java.util.List;
import java.util.Optional;

/** The token of an {@code Authorization} header: scheme in any case, extra blanks tolerated, extra parts refused. */
final class BearerToken {
    private BearerToken() {}

    /** The token; empty if the header is not exactly one bearer token. */
    static Optional<String> parse(List<String> headers) {
        if (headers.size() != 1) {
            return Optional.empty();
        }
        String[] parts = headers.getFirst().strip().split("[ \\t]+");
        if (parts.length != 2 || !parts[0].equalsIgnoreCase("bearer")) {
            return Optional.empty();
        }
        return Optional.of(parts[1]);
    }
}
