package dev.slipway.gateway.door;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for each answer, written by a thread of its own so that no connection waits for a disk. What is a secret in a path is
 * left out, and so are all queries: tokens, codes and search words travel there.
 */
@Singleton
class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");
    private static final int WAITING_MAX = 8192;
    private static final Pattern SECRET =
            Pattern.compile("(?<=/invitations/)[^/]+|(?<=/preview/[^/]{1,70}/\\d{1,5}~)[^/]+");

    private final BlockingQueue<Line> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong dropped = new AtomicLong();
    private final boolean on;
    private volatile boolean closed;

    private record Line(
            String method, String path, int status, long millis, String requestId, String user, String address) {}

    AccessLog(RoutingSettings settings) {
        this.on = settings.accessLog() && LOG.isInfoEnabled();
        if (on) {
            Thread.ofPlatform().name("access-log").daemon().start(this::write);
        }
    }

    void note(Turn turn, String address) {
        if (!on) {
            return;
        }
        Admission admission = turn.admission;
        Line line = new Line(
                turn.method,
                turn.path,
                turn.status,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - turn.beganNanos),
                turn.requestId,
                admission == null ? "-" : admission.user().id(),
                address);
        if (!waiting.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    static String redacted(String path) {
        return SECRET.matcher(path).replaceAll("…");
    }

    private void write() {
        while (!closed || !waiting.isEmpty()) {
            try {
                Line line = waiting.poll(500, TimeUnit.MILLISECONDS);
                if (line != null) {
                    write(line);
                }
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void write(Line line) {
        LOG.atInfo()
                .addKeyValue("method", line.method())
                .addKeyValue("path", redacted(line.path()))
                .addKeyValue("status", line.status())
                .addKeyValue("ms", line.millis())
                .addKeyValue("requestId", line.requestId())
                .addKeyValue("user", line.user())
                .addKeyValue("address", line.address())
                .log("answered");
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            LOG.atWarn().addKeyValue("lines", lost).log("lines left out, the log could not keep up");
        }
    }

    @PreDestroy
    void close() {
        closed = true;
    }
}
