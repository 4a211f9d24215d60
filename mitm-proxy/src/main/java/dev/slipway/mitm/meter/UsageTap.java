package dev.slipway.mitm.meter;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * Reads usage from one answer's body, piece by piece. Holds a JSON parser's state and a line's first bytes, never the body. Used by one
 * thread.
 */
public final class UsageTap {
    private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

    private final boolean events;
    private final UsageFound found = new UsageFound();
    private UsageScanner scanner = new UsageScanner(found);
    /** How much of {@code data:} the current line began with; -1 once it is another field. */
    private int matched;

    private UsageTap(boolean events) {
        this.events = events;
    }

    static UsageTap ofEvents() {
        return new UsageTap(true);
    }

    static UsageTap ofJson() {
        return new UsageTap(false);
    }

    /** Looks at a piece of the body; leaves its indices alone. */
    public void look(ByteBuf piece) {
        int end = piece.writerIndex();
        int start = piece.readerIndex();
        if (!events) {
            scanner.feed(piece, start, end);
            return;
        }
        while (start < end) {
            int newline = piece.indexOf(start, end, (byte) '\n');
            int lineEnd = newline < 0 ? end : newline;
            line(piece, start, lineEnd);
            if (newline >= 0) {
                endOfLine();
            }
            start = lineEnd + 1;
        }
    }

    /** What the answer said so far; the totals once it is complete. */
    public Optional<Counted> counted() {
        return found.counted();
    }

    private void line(ByteBuf piece, int from, int end) {
        int at = from;
        while (at < end && matched >= 0 && matched < DATA.length) {
            matched = piece.getByte(at) == DATA[matched] ? matched + 1 : -1;
            at++;
        }
        if (matched == DATA.length && at < end) {
            scanner.feed(piece, at, end);
        }
    }

    private void endOfLine() {
        if (matched == DATA.length) {
            scanner = new UsageScanner(found);
        }
        matched = 0;
    }
}
