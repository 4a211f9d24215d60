package dev.slipway.session.chat;

import dev.slipway.session.turn.NewChunks;
import dev.slipway.session.turn.Turn;
import dev.slipway.session.turn.TurnRepository;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One turn as its viewers on this replica see it: all its frames from the first. What this replica stores comes as soon as it is
 * stored; what others store is read once for all viewers, whenever there is news of it.
 */
final class TurnFeed {
    private static final int CHUNKS_AT_ONCE = 2_000;
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final String sessionId;
    private final String turnId;
    private final TurnRepository turns;
    private final List<byte[]> frames = new ArrayList<>();
    private final Set<TurnViewer> viewers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger news = new AtomicInteger();
    private boolean ended;
    /** Whether the store may have what we do not. */
    private boolean behind;

    private long heard = System.nanoTime();

    TurnFeed(String sessionId, String turnId, TurnRepository turns) {
        this.sessionId = sessionId;
        this.turnId = turnId;
        this.turns = turns;
    }

    void add(TurnViewer viewer) {
        viewers.add(viewer);
    }

    /** Gives whether nobody watches any more. */
    boolean remove(TurnViewer viewer) {
        viewers.remove(viewer);
        return viewers.isEmpty();
    }

    Set<TurnViewer> viewers() {
        return viewers;
    }

    /** The frame of chunk {@code seq}, or nothing yet. */
    synchronized byte[][] framesAfter(long seq, int bytesMax) {
        List<byte[]> next = new ArrayList<>();
        int bytes = 0;
        for (int i = (int) seq; i < frames.size() && bytes < bytesMax; i++) {
            next.add(frames.get(i));
            bytes += frames.get(i).length;
        }
        return next.toArray(byte[][]::new);
    }

    /** Whether all frames were given to somebody who has seen this many. */
    synchronized boolean isOverAfter(long seq) {
        return ended && seq >= frames.size();
    }

    /** Takes chunks that were just stored, for {@link #passOnHere}; if some are missing before them, all of those are read. */
    void said(NewChunks chunks) {
        synchronized (this) {
            heard = System.nanoTime();
            if (chunks.first() == frames.size() + 1L) {
                long seq = chunks.first();
                for (String data : chunks.data()) {
                    frames.add(frame(seq++, data));
                }
            } else if (chunks.first() > frames.size()) {
                behind = true;
            }
        }
    }

    /** Gives viewers what has come, unless another thread is at it, which then does. */
    void passOnHere() {
        if (news.getAndIncrement() == 0) {
            passOn();
        }
    }

    /** Reads on in the background; news during that is read too. */
    void readOn() {
        fallBehind();
        wake();
    }

    /** Reads on if nothing was heard for a while, which may be for want of anybody who tells. */
    void readOnIfQuiet() {
        boolean quiet;
        synchronized (this) {
            quiet = System.nanoTime() - heard > QUIET.toNanos();
        }
        if (quiet) {
            readOn();
        }
    }

    private void wake() {
        if (news.getAndIncrement() == 0) {
            Thread.ofVirtual().name("turn-feed").start(this::passOn);
        }
    }

    private void passOn() {
        int seen;
        do {
            seen = news.get();
            try {
                if (isBehind()) {
                    read();
                }
            } catch (RuntimeException _) {
                // The store is away: the next look, a second later, reads what is missing.
                fallBehind();
            }
            viewers.forEach(TurnViewer::drain);
        } while (!news.compareAndSet(seen, 0));
    }

    private synchronized void fallBehind() {
        behind = true;
    }

    private synchronized boolean isBehind() {
        boolean was = behind;
        behind = false;
        return was;
    }

    private void read() {
        // Asked before the chunks are read, so that a turn that has ended has no chunk after those.
        boolean over = turns.find(sessionId, turnId).map(Turn::isOver).orElse(true);
        List<TurnRepository.StoredChunk> page;
        do {
            page = turns.chunks(turnId, size(), CHUNKS_AT_ONCE);
            append(page);
        } while (page.size() == CHUNKS_AT_ONCE);
        if (over) {
            end();
        }
    }

    private synchronized long size() {
        return frames.size();
    }

    private synchronized void append(List<TurnRepository.StoredChunk> page) {
        for (TurnRepository.StoredChunk chunk : page) {
            // What came meanwhile from whoever stored it is there already.
            if (chunk.seq() == frames.size() + 1L) {
                frames.add(frame(chunk.seq(), chunk.data()));
            }
        }
    }

    private byte[] frame(long seq, String data) {
        return ("id: " + turnId + ":" + seq + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private synchronized void end() {
        ended = true;
    }
}
