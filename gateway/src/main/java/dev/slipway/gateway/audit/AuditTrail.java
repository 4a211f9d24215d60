package dev.slipway.gateway.audit;

import dev.slipway.contracts.gateway.AuditRecord;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down every request that could change something, and every login, once its answer is known; in the order in which the
 * answers were given, some milliseconds later, so that nobody waits for it. While the database takes nothing, records wait here;
 * when no more find room, no request that would have to be recorded is let in.
 */
@Singleton
public class AuditTrail implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final int WAITING_MAX = 10_000;
    private static final int BATCH = 200;
    private static final int TARGET_MAX = 500;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final Pattern SECRET = Pattern.compile("^(/api/invitations/)[^/]+");
    private static final Pattern CALLBACK = Pattern.compile("/auth/callback/[^/]+");
    private static final Pattern LINK = Pattern.compile("/auth/link/[^/]+");

    private final AuditLog log;
    private final Clock clock;
    private final BlockingQueue<AuditRecord> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private volatile boolean running = true;
    private @Nullable Thread writer;

    AuditTrail(AuditLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /** What of a request is recorded besides its witness. */
    public record Seen(
            String method,
            String path,
            String address,
            @Nullable String requestId) {
        /** Whether it belongs in the log: whatever may change something, and logins that come back from a provider. */
        public boolean matters() {
            return switch (method) {
                case "GET", "HEAD", "OPTIONS" ->
                    path.startsWith("/api/admin/audit")
                            || (path.startsWith("/auth/")
                                    && CALLBACK.matcher(path).matches());
                default -> true;
            };
        }

        String action() {
            return switch (path) {
                case "/auth/login" -> "login";
                case "/auth/register" -> "register";
                case "/auth/refresh" -> "refresh";
                case "/auth/logout" -> "logout";
                default ->
                    CALLBACK.matcher(path).matches()
                            ? "login"
                            : LINK.matcher(path).matches() ? "link" : method;
            };
        }

        /** Paths hold secrets here and there; what is recorded of them does not. */
        @Override
        public String toString() {
            return "Seen[" + method + " " + target() + " " + requestId + "]";
        }

        String target() {
            String open = SECRET.matcher(path).replaceFirst("$1…");
            return open.length() <= TARGET_MAX ? open : open.substring(0, TARGET_MAX);
        }
    }

    /** Ends a request with 503 if what it does could not be recorded. */
    public void requireRoom(Seen seen) {
        if (seen.matters() && waiting.remainingCapacity() == 0) {
            throw ProblemException.starting("What you do could not be recorded now, so it is not done.", CLOSING);
        }
    }

    /** Records a request whose answer is known; {@code status} is null if nobody waited for it. Does not wait. */
    public void note(Seen seen, Witness witness, @Nullable Integer status) {
        // Who is turned away for asking too often would fill the log with it.
        if (!seen.matters() || (status != null && status == 429)) {
            return;
        }
        AuditRecord record = new AuditRecord(
                Ids.text(),
                clock.instant(),
                witness.userId(),
                witness.name(),
                witness.proof(),
                seen.action(),
                seen.target(),
                witness.projectId(),
                seen.address(),
                outcome(status),
                status,
                seen.requestId());
        if (!waiting.offer(record)) {
            LOG.atError()
                    .addKeyValue("actor", record.actorId())
                    .addKeyValue("action", record.action())
                    .addKeyValue("target", record.target())
                    .addKeyValue("outcome", record.outcome())
                    .log("audit record found no room");
        }
    }

    private static String outcome(@Nullable Integer status) {
        if (status == null || status >= 500) {
            return "failed";
        }
        return status >= 400 ? "refused" : "done";
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        writer = Thread.ofVirtual().name("audit-trail").start(this::run);
    }

    private void run() {
        List<AuditRecord> batch = new ArrayList<>(BATCH);
        while (running || !waiting.isEmpty()) {
            try {
                if (batch.isEmpty()) {
                    AuditRecord first = waiting.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                    if (first == null) {
                        continue;
                    }
                    batch.add(first);
                    waiting.drainTo(batch, BATCH - 1);
                }
                log.append(batch);
                batch.clear();
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                LOG.atWarn().addKeyValue("reason", e.toString()).log("audit records wait for the database");
                if (!running || !paused()) {
                    return;
                }
            }
        }
    }

    private static boolean paused() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    /** Writes what waits, for at most 5 s. */
    @PreDestroy
    void stop() throws InterruptedException {
        running = false;
        Thread thread = writer;
        if (thread != null && !thread.join(CLOSING)) {
            thread.interrupt();
        }
    }
}
