package dev.slipway.gateway.flat;

import dev.slipway.gateway.door.Admission;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.lease.Leases;
import dev.slipway.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session to work in, or makes it. Whoever asks for the same one at the same time gets the same one: one lock among
 * the requests at this gateway, one lease among the gateways.
 */
@Singleton
class SessionFinder {
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);
    private static final Set<String> OVER = Set.of("removing", "error");

    private final Peers peers;
    private final Leases leases;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    SessionFinder(Peers peers, Leases leases) {
        this.peers = peers;
        this.leases = leases;
    }

    /** A session, and whether it was made for this. */
    record Found(Map<String, Object> session, boolean made) {}

    /**
     * The session with this id; else the newest of this workspace that can be worked in, woken if it sleeps; else a new one.
     *
     * @param wanted what session-service takes for a new session, with {@code id} or {@code workspaceId}
     */
    Found find(Admission admission, Map<String, Object> wanted) {
        String id = text(wanted, "id");
        String workspace = text(wanted, "workspaceId");
        if (id == null && workspace == null) {
            throw ProblemException.invalid("workspaceId", "missing (expected: id, workspaceId or workspacePath)");
        }
        String place = admission.project() + " " + (id == null ? "of " + workspace : id);
        return alone(
                place,
                () -> existing(admission, id, workspace)
                        .map(session -> new Found(woken(admission, session), false))
                        .orElseGet(() -> new Found(peers.post(admission, Peers.SESSIONS, "sessions", wanted), true)));
    }

    private Optional<Map<String, Object>> existing(
            Admission admission, @Nullable String id, @Nullable String workspace) {
        if (id != null) {
            return peers.find(admission, Peers.SESSIONS, "sessions/" + InternalClient.segment(id));
        }
        Map<String, Object> page = peers.get(
                admission,
                Peers.SESSIONS,
                "sessions?limit=50&workspaceId=" + InternalClient.segment(String.valueOf(workspace)));
        return page.get("sessions") instanceof List<?> sessions
                ? sessions.stream()
                        .filter(Map.class::isInstance)
                        .map(session -> copy((Map<?, ?>) session))
                        .filter(session -> !OVER.contains(String.valueOf(session.get("status"))))
                        .findFirst()
                : Optional.empty();
    }

    private Map<String, Object> woken(Admission admission, Map<String, Object> session) {
        if (!"stopped".equals(session.get("status"))) {
            return session;
        }
        String path = "sessions/" + InternalClient.segment(String.valueOf(session.get("id")));
        peers.post(admission, Peers.SESSIONS, path + "/resume", null);
        return peers.get(admission, Peers.SESSIONS, path);
    }

    private Found alone(String place, Supplier<Found> work) {
        ReentrantLock lock = locks.computeIfAbsent(place, _ -> new ReentrantLock());
        lock.lock();
        try {
            hold(place);
            try {
                return work.get();
            } finally {
                leases.release(lease(place));
            }
        } finally {
            if (!lock.hasQueuedThreads()) {
                locks.remove(place, lock);
            }
            lock.unlock();
        }
    }

    private void hold(String place) {
        long until = System.nanoTime() + WAIT_MAX.toNanos();
        while (leases.hold(lease(place), LEASE).isEmpty()) {
            if (System.nanoTime() > until) {
                throw ProblemException.starting(
                        "Another request is making this session. Try again in a moment.", Duration.ofSeconds(2));
            }
            try {
                Thread.sleep(Duration.ofMillis(100));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while another request makes the session", e);
            }
        }
    }

    private static String lease(String place) {
        return "get-or-create " + place;
    }

    private static Map<String, Object> copy(Map<?, ?> session) {
        Map<String, Object> copy = new LinkedHashMap<>();
        session.forEach((name, value) -> copy.put(String.valueOf(name), value));
        return copy;
    }

    private static @Nullable String text(Map<String, Object> values, String name) {
        return values.get(name) instanceof String text && !text.isBlank() ? text : null;
    }
}
