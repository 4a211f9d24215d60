package dev.slipway.gateway.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log in memory, a bounded piece of each partition, so that a thousand viewers who come back at once after a
 * moment do not each read the log for it.
 */
final class RecentFrames {
    private static final int BYTES_MAX = 512 * 1024;
    static final int SLICE_MAX = 500;

    private final Piece[] pieces;

    RecentFrames(int partitions) {
        pieces = new Piece[partitions];
        for (int i = 0; i < partitions; i++) {
            pieces[i] = new Piece();
        }
    }

    /** All of one partition from {@code from} on. */
    private static final class Piece {
        private final Deque<EventFrame> frames = new ArrayDeque<>();
        private long from = -1;
        private int bytes;
    }

    /** What is kept begins anew at this offset. */
    void beginAt(int partition, long offset) {
        Piece piece = pieces[partition];
        synchronized (piece) {
            piece.frames.clear();
            piece.bytes = 0;
            piece.from = offset;
        }
    }

    void beginIfNew(int partition, long offset) {
        Piece piece = pieces[partition];
        synchronized (piece) {
            if (piece.from < 0) {
                piece.from = offset;
            }
        }
    }

    void add(EventFrame frame) {
        Piece piece = pieces[frame.partition()];
        synchronized (piece) {
            EventFrame newest = piece.frames.peekLast();
            if (newest != null && newest.offset() >= frame.offset()) {
                return;
            }
            piece.frames.addLast(frame);
            piece.bytes += size(frame);
            while (piece.bytes > BYTES_MAX) {
                EventFrame oldest = piece.frames.removeFirst();
                piece.bytes -= size(oldest);
                piece.from = oldest.offset() + 1;
            }
        }
    }

    /** A project's frames of a range of offsets, the first {@link #SLICE_MAX} of them; null if some are no longer kept. */
    @Nullable
    List<EventFrame> between(String projectId, int partition, long from, long to) {
        Piece piece = pieces[partition];
        synchronized (piece) {
            if (piece.from < 0 || from < piece.from) {
                return null;
            }
            List<EventFrame> found = new ArrayList<>();
            for (EventFrame frame : piece.frames) {
                if (frame.offset() >= from
                        && frame.offset() < to
                        && frame.projectId().equals(projectId)) {
                    found.add(frame);
                    if (found.size() == SLICE_MAX) {
                        break;
                    }
                }
            }
            return found;
        }
    }

    private static int size(EventFrame frame) {
        return frame.body().length + frame.sse().length + 100;
    }
}
