package dev.slipway.container.terminal;

import dev.slipway.container.agent.ReadySandboxes;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.kit.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows agent's output for one viewer, from the sandbox's start to the shell's end, over any break in between. */
final class TerminalViewer {
    private static final Logger LOG = LoggerFactory.getLogger(TerminalViewer.class);
    private static final Duration AGAIN = Duration.ofMillis(300);
    private static final Duration AWAY_MAX = Duration.ofSeconds(30);
    private static final Duration TOUCH_EVERY = Duration.ofSeconds(20);

    private final TerminalView view;
    private final SandboxName name;
    private final TerminalFrames frames;
    private final ReadySandboxes sandboxes;
    private final TerminalAgent agent;
    private final TerminalHistory history;
    private final SandboxStore store;
    private OptionalLong position;
    private long heard = System.nanoTime();
    private long touched = System.nanoTime();
    private volatile int rows;
    private volatile int columns;

    TerminalViewer(
            TerminalView view,
            TerminalFrames frames,
            ReadySandboxes sandboxes,
            TerminalAgent agent,
            TerminalHistory history,
            SandboxStore store) {
        this.view = view;
        this.name = new SandboxName(view.session());
        this.frames = frames;
        this.sandboxes = sandboxes;
        this.agent = agent;
        this.history = history;
        this.store = store;
        this.position = view.since();
        this.rows = view.rows();
        this.columns = view.columns();
    }

    /** The screen's present size, for a shell that is opened later. */
    void resized(int newRows, int newColumns) {
        rows = newRows;
        columns = newColumns;
    }

    void run() {
        try {
            boolean over = false;
            while (!over && frames.isOpen()) {
                over = attend();
            }
        } catch (ProblemException e) {
            sayAndClose(String.valueOf(e.getMessage()), TerminalFrames.GONE);
        } catch (IOException _) {
            // The viewer has gone; he knows his position.
            LOG.atDebug().addKeyValue("sessionId", view.session()).log("terminal viewer left");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("sessionId", view.session()).setCause(e).log("terminal viewer failed");
            frames.close(TerminalFrames.BROKEN, "something went wrong");
        } finally {
            history.copyQuietly(name);
        }
    }

    /** One try; whether the shell has ended and the viewer was told so. */
    private boolean attend() throws IOException, InterruptedException {
        boolean starting = sandboxes.awake(view.project(), view.session()).state() instanceof SandboxState.Preparing;
        TerminalLines lines;
        try {
            agent.open(name, rows, columns, position);
            lines = agent.output(name, position, true);
        } catch (IOException e) {
            await(starting, e);
            return false;
        }
        try (lines) {
            return follow(lines);
        }
    }

    /** A sandbox that starts has a deadline of its own; an agent that has answered before has this one. */
    private void await(boolean starting, IOException reason) throws InterruptedException {
        if (!starting && System.nanoTime() - heard > AWAY_MAX.toNanos()) {
            LOG.atWarn()
                    .addKeyValue("sessionId", view.session())
                    .addKeyValue("reason", reason.toString())
                    .log("terminal given up, its agent does not answer");
            throw ProblemException.conflict("agent-broken", "The agent in the sandbox does not answer.");
        }
        heard = starting ? System.nanoTime() : heard;
        Thread.sleep(AGAIN);
    }

    private boolean follow(TerminalLines lines) throws IOException, InterruptedException {
        TerminalLine exit = null;
        while (true) {
            TerminalLines.Next next;
            try {
                next = lines.next();
            } catch (IOException _) {
                return false; // the agent broke off: what follows is asked for again, from here
            }
            heard = System.nanoTime();
            touch();
            if (next.ended()) {
                return end(exit);
            }
            TerminalLine line = next.line();
            if (line != null) {
                show(line);
                exit = line.event() == null ? exit : "exited".equals(line.event()) ? line : null;
            }
        }
    }

    private void show(TerminalLine line) throws IOException, InterruptedException {
        boolean known = position.isPresent() && position.getAsLong() == line.seq();
        position = OptionalLong.of(line.seq());
        byte[] bytes = line.bytes();
        if (bytes.length > 0 && view.binary()) {
            frames.binary(bytes);
        } else if (bytes.length > 0 || ("position".equals(line.event()) && !known)) {
            frames.output(bytes, line.seq());
        }
    }

    /** The agent says that no shell runs. Without an end that was seen, the sandbox was stopped under it: open it anew. */
    private boolean end(@Nullable TerminalLine exit) throws IOException, InterruptedException {
        if (exit == null || exit.exitCode() == null) {
            Thread.sleep(AGAIN);
            return false;
        }
        frames.exit(exit.exitCode());
        frames.close(TerminalFrames.ENDED, "shell exited");
        return true;
    }

    private void touch() {
        if (System.nanoTime() - touched > TOUCH_EVERY.toNanos()) {
            touched = System.nanoTime();
            store.touch(view.session());
        }
    }

    private void sayAndClose(String sentence, int status) {
        try {
            frames.error(sentence);
        } catch (IOException _) {
            return;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        frames.close(status, "");
    }
}
