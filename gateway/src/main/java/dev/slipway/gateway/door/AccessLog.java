package dev.slipway.gateway.door;

import io.netty.util.concurrent.FastThreadLocal;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for each answer, written by a thread of its own so that no connection waits for a disk; up to 50 ms later, many lines at
 * once, each with its own time. To wake that thread for each of them would cost more than the line. Each thread that answers has a
 * queue of its own, since one for all would be what their processors wait for; lines of two threads may therefore change places. What
 * is a secret in a path is left out, and so are all queries: tokens, codes and search words travel there.
 */
@Singleton
class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");
    private static final int WAITING_MAX = 32_768;
    /** There is an event loop for each processor, or fewer. */
    private static final int WAITING_OF_LOOP_MAX =
            Math.max(1_024, WAITING_MAX / Runtime.getRuntime().availableProcessors());

    private static final int AT_ONCE_MAX = 512;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final Pattern SECRET =
            Pattern.compile("(?<=/invitations/)[^/]+|(?<=/preview/[^/]{1,70}/\\d{1,5}~)[^/]+");

    private final List<Queue<Line>> all = new CopyOnWriteArrayList<>();
    private final FastThreadLocal<Queue<Line>> mine = new FastThreadLocal<>() {
        @Override
        protected Queue<Line> initialValue() {
            Queue<Line> queue = new ArrayBlockingQueue<>(WAITING_OF_LOOP_MAX);
            all.add(queue);
            return queue;
        }
    };
    private final LongAdder dropped = new LongAdder();
    private final @Nullable Thread writer;
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
        void appendTo(StringBuilder text, Stamp stamp) {
            stamp.append(text, at);
            text.append(" answered method=")
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

    /** Writes moments; those of one second, of which there are many, differ in their last digits only. */
    static final class Stamp {
        private long second = Long.MIN_VALUE;
        private String secondText = "";

        void append(StringBuilder text, long millis) {
            long of = Math.floorDiv(millis, 1000L);
            if (of != second) {
                second = of;
                secondText = LocalDateTime.ofEpochSecond(of, 0, ZoneOffset.UTC).format(SECONDS);
            }
            int rest = Math.floorMod(millis, 1000);
            text.append(secondText)
                    .append('.')
                    .append((char) ('0' + rest / 100))
                    .append((char) ('0' + rest / 10 % 10))
                    .append((char) ('0' + rest % 10))
                    .append('Z');
        }
    }

    AccessLog(RoutingSettings settings) {
        boolean on = settings.accessLog() && LOG.isInfoEnabled();
        this.writer = on ? Thread.ofPlatform().name("access-log").daemon().start(this::run) : null;
    }

    void note(Turn turn, String address) {
        if (writer == null) {
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
        if (!mine.get().offer(line)) {
            dropped.increment();
        }
    }

    static String redacted(String path) {
        boolean mayHold = path.contains("/invitations/") || path.startsWith("/preview/");
        return mayHold ? SECRET.matcher(path).replaceAll("…") : path;
    }

    private void run() {
        StringBuilder text = new StringBuilder();
        Stamp stamp = new Stamp();
        while (!closed) {
            LockSupport.parkNanos(PAUSE.toNanos());
            writeAll(text, stamp);
        }
        writeAll(text, stamp);
    }

    /** Until nothing waits, some lines of each queue in turn. */
    private void writeAll(StringBuilder text, Stamp stamp) {
        boolean found = true;
        while (found) {
            found = false;
            for (Queue<Line> waiting : all) {
                found |= writeSome(waiting, text, stamp);
            }
            long lost = dropped.sumThenReset();
            if (lost > 0) {
                LOG.atWarn().addKeyValue("lines", lost).log("lines left out, the log could not keep up");
            }
        }
    }

    private static boolean writeSome(Queue<Line> waiting, StringBuilder text, Stamp stamp) {
        Line line = waiting.poll();
        if (line == null) {
            return false;
        }
        text.setLength(0);
        line.appendTo(text, stamp);
        for (int lines = 1; lines < AT_ONCE_MAX && (line = waiting.poll()) != null; lines++) {
            line.appendTo(text.append('\n'), stamp);
        }
        LOG.info(text.toString());
        return true;
    }

    /** Writes what waits, for at most 2 s. */
    @PreDestroy
    void close() throws InterruptedException {
        closed = true;
        if (writer != null) {
            LockSupport.unpark(writer);
            writer.join(CLOSING);
        }
    }
}
