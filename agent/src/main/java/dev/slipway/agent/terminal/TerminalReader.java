package dev.slipway.agent.terminal;

import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One reader's way through the output and through the beginnings and ends of shells between its pieces. */
public final class TerminalReader {
    private static final int PIECE_BYTES = 16 * 1024;

    private final Terminal terminal;
    private final TerminalLog log;
    private final ShellEvents events;
    private long position;
    private @Nullable ShellEvent lastEvent;

    TerminalReader(Terminal terminal, TerminalLog log, ShellEvents events, long since) {
        this.terminal = terminal;
        this.log = log;
        this.events = events;
        this.position = Math.max(since, log.base());
    }

    /** What comes next. */
    public sealed interface Item {
        /** The position behind it. */
        long seq();

        /** Output in base64, cut where no sequence is open. */
        record Output(long seq, String base64) implements Item {}

        /** A shell began. */
        record Started(long seq, String time) implements Item {}

        /** A shell ended; without a code if the sandbox was stopped under it. */
        record Exited(long seq, String time, @Nullable Integer code) implements Item {}
    }

    /** The next thing that is there already. */
    public Optional<Item> next() throws IOException {
        ShellEvent event = events.next(position, lastEvent);
        if (event != null && event.at() <= position) {
            lastEvent = event;
            String time = event.time().toString();
            return Optional.of(
                    event.started()
                            ? new Item.Started(position, time)
                            : new Item.Exited(position, time, event.exitCode()));
        }
        int wanted = event == null ? PIECE_BYTES : (int) Math.min(PIECE_BYTES, event.at() - position);
        TerminalLog.Piece piece = log.read(position, wanted);
        if (piece.bytes.length == 0) {
            return Optional.empty();
        }
        position = piece.end();
        return Optional.of(new Item.Output(position, Base64.getEncoder().encodeToString(piece.bytes)));
    }

    /** Whether no shell runs, so that nothing more comes until somebody opens the terminal anew. */
    public boolean isOver() {
        return !terminal.isRunning() && log.end() <= position && events.next(position, lastEvent) == null;
    }

    /** To be asked before {@link #next}, for {@link #await}. */
    public long changes() {
        return log.changes();
    }

    /** Waits until something has changed since {@link #changes} said that; whether it has. */
    public boolean await(long seen, Duration atMost) throws InterruptedException {
        return log.await(seen, atMost);
    }

    /** The position behind all that was read. */
    public long position() {
        return position;
    }
}
