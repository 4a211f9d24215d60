package dev.slipway.mitm.wire;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks who comes where the socket does not say it: on TCP a client shows its session's id and token. Wrong answers from one address are
 * answered ever more slowly; right ones are not, whoever else comes from there.
 */
public final class Gatekeeper {
    /** Knows which token opens which door. */
    @FunctionalInterface
    public interface Keys {
        /** The session's door, if there is one and the token is its own; takes the same time for a wrong one. */
        Optional<Door> open(String sessionId, String token);
    }

    /** Connections that have not yet said whose they are, of all addresses. */
    private static final int STRANGERS_MAX = 2_048;

    private static final int ADDRESSES_MAX = 4_096;
    private static final int FREE_FAILURES = 5;
    private static final long DELAY_STEP_MILLIS = 250;
    private static final long DELAY_MAX_MILLIS = 3_000;
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private record Failures(int count, long sinceNanos) {}

    private final Keys keys;
    private final AtomicInteger strangers = new AtomicInteger();
    private final Map<SocketAddress, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SocketAddress, Failures> eldest) {
            return size() > ADDRESSES_MAX;
        }
    };

    public Gatekeeper(Keys keys) {
        this.keys = keys;
    }

    /** Counts a connection that is nobody's yet; false if there are too many, and then it is not counted. */
    boolean enter() {
        if (strangers.incrementAndGet() > STRANGERS_MAX) {
            strangers.decrementAndGet();
            return false;
        }
        return true;
    }

    /** The connection is somebody's now, or gone. */
    void leave() {
        strangers.decrementAndGet();
    }

    /** The door that this user and password open. */
    Optional<Door> admit(Channel channel, String sessionId, String token) {
        Optional<Door> door = keys.open(sessionId, token);
        if (door.isEmpty()) {
            failed(channel);
        }
        return door;
    }

    /** The door that a request's {@code Proxy-Authorization} opens (RFC 7617); a request without one is no failure. */
    Optional<Door> admit(Channel channel, HttpRequest request) {
        List<String> values = request.headers().getAll(HttpHeaderNames.PROXY_AUTHORIZATION);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        String pair = values.size() == 1 ? basic(values.getFirst()) : "";
        int colon = pair.indexOf(':');
        return admit(channel, colon < 0 ? "" : pair.substring(0, colon), pair.substring(colon + 1));
    }

    /** How long a wrong answer from this address is kept waiting, in milliseconds. */
    long delayMillis(Channel channel) {
        synchronized (failures) {
            Failures known = failures.get(addressOf(channel));
            return known == null || System.nanoTime() - known.sinceNanos > FORGOTTEN_NANOS
                    ? 0
                    : Math.clamp((known.count - FREE_FAILURES) * DELAY_STEP_MILLIS, 0, DELAY_MAX_MILLIS);
        }
    }

    private void failed(Channel channel) {
        long now = System.nanoTime();
        synchronized (failures) {
            failures.merge(
                    addressOf(channel),
                    new Failures(1, now),
                    (known, _) -> now - known.sinceNanos > FORGOTTEN_NANOS
                            ? new Failures(1, now)
                            : new Failures(known.count + 1, known.sinceNanos));
        }
    }

    private static SocketAddress addressOf(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress inet
                ? new InetSocketAddress(inet.getAddress(), 0)
                : new InetSocketAddress(0);
    }

    private static String basic(String value) {
        if (!value.regionMatches(true, 0, "Basic ", 0, "Basic ".length())) {
            return "";
        }
        try {
            byte[] pair = Base64.getDecoder()
                    .decode(value.substring("Basic ".length()).strip());
            return new String(pair, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException noBase64) {
            return "";
        }
    }
}
