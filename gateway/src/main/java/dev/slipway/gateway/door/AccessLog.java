package dev.slipway.gateway.door;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for each answer, written by a thread of its own so that no connection waits for a disk; under load many lines at once, each
 * with its own time. What is a secret in a path is left out, and so are all queries: tokens, codes and search words travel there.
 */
@Singleton
class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");
    private static final int WAITING_MAX = 8192;
    private static final int AT_ONCE_MAX = 64;
    private static final Pattern SECRET =
            Pattern.compile("(?<=/invitations/)[^/]+|(?<=/preview/[^/]{1,70}/\\d{1,5}~)[^/]+");

    private final BlockingQueue<Line> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong dropped = new AtomicLong();
    private final boolean on;
    private volatile boolean closed;

    private record Line(
            long at,
            String method,
            String path,
            int status,
            long millis,
            String requestId,
            String user,
            String address) {
        void appendTo(StringBuilder text) {
            text.append(Instant.ofEpochMilli(at))
                    .append(" answered method=")
                    .append(method)
                    .append(" path=")
                    .append(redacted(path))
                    .append(" status=")
                    .append(status)
                    .append(" ms=")
                    .append(millis)
                    .append(" requestId=")
                    .append(requestId)
                    .append(" user=")
                    .append(user)
                    .append(" address=")
                    .append(address);
        }
    }

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
                System.currentTimeMillis(),
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
        boolean mayHold = path.contains("/invitations/") || path.startsWith("/preview/");
        return mayHold ? SECRET.matcher(path).replaceAll("…") : path;
    }

    private void write() {
        StringBuilder text = new StringBuilder();
        while (!closed || !waiting.isEmpty()) {
            try {
                Line line = waiting.poll(500, TimeUnit.MILLISECONDS);
                if (line != null) {
                    write(line, text);
                }
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void write(Line first, StringBuilder text) {
        text.setLength(0);
        first.appendTo(text);
        for (int i = 1; i < AT_ONCE_MAX; i++) {
            Line next = waiting.poll();
            if (next == null) {
                break;
            }
            next.appendTo(text.append('\n'));
        }
        LOG.info(text.toString());
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
