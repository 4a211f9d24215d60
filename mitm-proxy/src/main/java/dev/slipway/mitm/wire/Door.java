package dev.slipway.mitm.wire;

import dev.slipway.mitm.policy.EgressPolicy;
import java.util.concurrent.atomic.AtomicInteger;

/** One session as the data path knows it: who it is, and what it may reach at this moment. */
public final class Door {
    private static final int CONNECTIONS_MAX = 1_024;

    private final String sessionId;
    private final String projectId;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile EgressPolicy policy;

    public Door(String sessionId, String projectId, EgressPolicy policy) {
        this.sessionId = sessionId;
        this.projectId = projectId;
        this.policy = policy;
    }

    /** The session whose socket this is. */
    public String sessionId() {
        return sessionId;
    }

    /** The project that the session belongs to. */
    public String projectId() {
        return projectId;
    }

    /** What the session may reach; asked again for each request. */
    public EgressPolicy policy() {
        return policy;
    }

    /** Replaces the policy, for open connections too. */
    public void policy(EgressPolicy changed) {
        this.policy = changed;
    }

    /** Counts a new connection; false if the session has too many, and then it is not counted. */
    boolean enter() {
        if (connections.incrementAndGet() > CONNECTIONS_MAX) {
            connections.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        connections.decrementAndGet();
    }
}
