package dev.slipway.gateway.door;

import dev.slipway.kit.problem.ProblemException;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What makes two requests the same one sent twice.
 *
 * @param principal whose key it is; two users may choose the same
 * @param request method, path and query, which belong to what must not differ
 */
record IdempotencyKey(String principal, String key, String request) {
    private static final Pattern SHAPE = Pattern.compile("[!-~]{1,255}");

    /** The key of a POST that has one. Chat needs none: there the message's id is the key. */
    static Optional<IdempotencyKey> of(HttpRequest request, Turn turn) {
        Admission admission = turn.admission;
        if (!turn.method.equals("POST") || admission == null || turn.path.contains("/chat")) {
            return Optional.empty();
        }
        List<String> keys = request.headers().getAll("Idempotency-Key");
        return of(keys, admission.user().id(), turn.method + " " + request.uri());
    }

    /** The key of a request with these headers; 400 if they are not one key. */
    static Optional<IdempotencyKey> of(List<String> keys, String principal, String request) {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        if (keys.size() > 1 || !SHAPE.matcher(keys.getFirst()).matches()) {
            throw ProblemException.invalid("Idempotency-Key", "not one key of 1 to 255 printable letters");
        }
        return Optional.of(new IdempotencyKey(principal, keys.getFirst(), request));
    }
}
