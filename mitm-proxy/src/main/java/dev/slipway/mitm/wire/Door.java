package dev.slipway.mitm.wire;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One session as the data path knows it: who it is, and what it may reach at this moment. */
public final class Door {
    private static final int CONNECTIONS_MAX = 1_024;
    private static final int TURNED_AWAY_MAX = 64;

    private final String sessionId;
    private final String projectId;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger turnedAway = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private volatile boolean leaving;
    private volatile Terms terms;

    public Door(String sessionId, String projectId, Terms terms) {
        this.sessionId = sessionId;
        this.projectId = projectId;
        this.terms = terms;
    }

    /** The session whose socket this is. */
    public String sessionId() {
        return sessionId;
    }

    /** The project that the session belongs to. */
    public String projectId() {
        return projectId;
    }

    /** What holds for the session now; asked again for each request. */
    public Terms terms() {
        return terms;
    }

    /** Replaces the terms, for open connections too. */
    public void terms(Terms changed) {
        this.terms = changed;
    }

    /** Takes a new connection; false if the session has too many, or holds too much memory. */
    boolean enter(Channel connection, MemoryLimit memory) {
        if (!memory.hasRoomFor(this)) {
            return false;
        }
        if (count.incrementAndGet() > CONNECTIONS_MAX) {
            count.decrementAndGet();
            return false;
        }
        connections.add(connection);
        memory.change(this, MemoryLimit.CONNECTION_BYTES);
        connection.closeFuture().addListener(_ -> {
            count.decrementAndGet();
            memory.change(this, -MemoryLimit.CONNECTION_BYTES);
        });
        return true;
    }

    /** Lets one that may not enter be told so; false if too many are being told. */
    boolean turnAway(Channel connection) {
        if (turnedAway.incrementAndGet() > TURNED_AWAY_MAX) {
            turnedAway.decrementAndGet();
            return false;
        }
        connection.closeFuture().addListener(_ -> turnedAway.decrementAndGet());
        return true;
    }

    /** Counts what the session's connections hold in memory; gives the sum. */
    long hold(long bytes) {
        return held.addAndGet(bytes);
    }

    long held() {
        return held.get();
    }

    /** Says to what comes through this door that it ends soon. */
    enum Leaving {
        /** The proxy stops: what is idle goes now, what is busy after its answer. */
        SOON
    }

    /** Lets the connections go: idle ones at once, busy ones when their answer is complete. */
    public void drain() {
        leaving = true;
        connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(Leaving.SOON));
    }

    /** Whether an answer is the last one on its connection. */
    boolean isLeaving() {
        return leaving;
    }

    /** How many connections there are. */
    public int connections() {
        return count.get();
    }

    /** Ends all connections; new ones are ended at once. */
    public void shut() {
        connections.close();
    }
}
