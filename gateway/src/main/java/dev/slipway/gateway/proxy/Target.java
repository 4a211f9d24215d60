package dev.slipway.gateway.proxy;

import dev.slipway.gateway.wire.SignedIdentity;
import java.net.URI;
import java.time.Duration;

/**
 * Where a request goes.
 *
 * @param address scheme, host and port of the service
 * @param uri path and query there, encoded
 * @param identity the signed identity of the caller
 * @param prefix what clients see of the address before the part that a program in a sandbox answers for; empty for others
 * @param answerWithin 504 if the answer has not begun by then
 */
public record Target(
        String service,
        URI address,
        String uri,
        SignedIdentity identity,
        Flow flow,
        String prefix,
        long bodyBytesMax,
        Duration answerWithin) {
    /** What passes. */
    public enum Flow {
        /** A service of ours answers, and its word counts. */
        PLAIN,
        /** A program in a sandbox answers, whose word is not ours. */
        PREVIEW,
        /** A terminal in the plain words that {@code /ws/pty} has for it. */
        PTY
    }

    @Override
    public String toString() {
        return "Target[" + service + " " + uri.replaceFirst("\\?.*", "?…") + "]";
    }
}
