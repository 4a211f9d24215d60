package dev.slipway.mitm.wire;

import dev.slipway.contracts.mitm.EgressRecord;
import dev.slipway.contracts.mitm.Usage;
import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.journal.EgressLog;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One line of the egress log while it is being written. Written to by one event loop, and added to the log once. */
final class Entry {
    static final int PATH_LENGTH_MAX = 1_024;
    private static final int METHOD_LENGTH_MAX = 32;

    private final Door door;
    private final EgressLog log;
    private final Instant time = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final String scheme;
    private final String host;
    private final int port;
    private final @Nullable String method;
    private final @Nullable String path;
    private @Nullable String rule;
    private List<String> credentials = List.of();
    private long up;
    private long down;
    private boolean added;

    private Entry(
            Door door,
            EgressLog log,
            String scheme,
            String host,
            int port,
            @Nullable String method,
            @Nullable String path) {
        this.door = door;
        this.log = log;
        this.scheme = scheme;
        this.host = host;
        this.port = port;
        this.method = method == null ? null : limited(method, METHOD_LENGTH_MAX);
        this.path = path == null ? null : limited(path, PATH_LENGTH_MAX);
    }

    /** A request; {@code path} is what the log may show of its target, null for nothing. */
    static Entry ofRequest(Door door, EgressLog log, Destination destination, String method, @Nullable String path) {
        return new Entry(
                door,
                log,
                destination.tls() ? "https" : "http",
                destination.origin().host().text(),
                destination.origin().port(),
                method,
                path);
    }

    /** A tunnel, or a connection that was refused before a request could be read. */
    static Entry ofTunnel(Door door, EgressLog log, String scheme, HostPort target) {
        return new Entry(door, log, scheme, target.host().text(), target.port(), null, null);
    }

    /** Something that names no host which could be read. */
    static Entry ofNonsense(Door door, EgressLog log, String scheme) {
        return new Entry(door, log, scheme, "", 0, null, null);
    }

    void rule(String name) {
        rule = name;
    }

    void credentials(List<String> ids) {
        credentials = ids;
    }

    List<String> credentials() {
        return credentials;
    }

    /** The answer came from the store, not from the host. */
    void fromStore() {
        rule = rule == null ? "cache" : rule + ", cache";
    }

    void up(long bytes) {
        up += bytes;
    }

    void down(long bytes) {
        down += bytes;
    }

    void refused(Refusal refusal) {
        add(refusal.decision(), refusal.decision().equals("failed") ? rule : refusal.type(), refusal.status(), null);
    }

    void allowed(@Nullable Integer status, @Nullable Usage usage) {
        add("allowed", rule, status, usage);
    }

    private void add(String decision, @Nullable String decidedBy, @Nullable Integer status, @Nullable Usage usage) {
        if (added) {
            return;
        }
        added = true;
        log.add(new EgressRecord(
                newId().toString(),
                door.projectId(),
                door.sessionId(),
                time,
                scheme,
                host,
                port,
                method,
                path,
                decision,
                decidedBy,
                status,
                up,
                down,
                (System.nanoTime() - startedNanos) / 1_000_000,
                usage,
                credentials));
    }

    /** A random UUID (RFC 9562, version 4) that tells records apart and need not be unguessable, so it waits for no entropy. */
    private static UUID newId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }

    private static String limited(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max - 1) + "…";
    }
}
