package dev.slipway.agent.terminal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The session's terminal. A shell is started when somebody opens it, and again when somebody opens it after its end; whoever
 * comes back with the position that he has seen gets what followed, and the end of the shell if that is what followed.
 */
public final class Terminal implements AutoCloseable {
    /** Leaves what a program that was cut off may have left on: the other screen, colours, a hidden cursor. */
    private static final String TIDY = "\u001b[?1049l\u001b[?25h\u001b[0m\r\n";

    private static final int ROWS_MAX = 1000;
    private static final int HANGUP = 1;

    private final Path data;
    private final Path workspace;
    private final Supplier<Map<String, String>> environment;
    private final Clock clock;
    private final TerminalLog log;
    private final ShellEvents events;
    private @Nullable Shell shell;
    private int rows = 24;
    private int columns = 80;

    private Terminal(
            Path data,
            Path workspace,
            Supplier<Map<String, String>> environment,
            Clock clock,
            TerminalLog log,
            ShellEvents events) {
        this.data = data;
        this.workspace = workspace;
        this.environment = environment;
        this.clock = clock;
        this.log = log;
        this.events = events;
    }

    /** The terminal whose output lies in {@code data/terminal}; no shell is started yet. */
    public static Terminal of(Path data, Path workspace, Supplier<Map<String, String>> environment, Clock clock)
            throws IOException {
        Path folder = data.resolve("terminal");
        TerminalLog log = TerminalLog.open(folder);
        ShellEvents events = ShellEvents.open(folder.resolve("shells.ndjson"));
        if (events.last().filter(ShellEvent::started).isPresent()) {
            events.add(log.end(), false, null, clock.instant()); // it went with the sandbox
        }
        return new Terminal(data, workspace, environment, clock, log, events);
    }

    /**
     * Makes sure that there is a shell, unless the caller has yet to see the end of the one that he knew.
     *
     * @param since the position that the caller has seen; empty for a new caller
     */
    public synchronized void open(int wantedRows, int wantedColumns, OptionalLong since) throws IOException {
        boolean endUnseen = since.isPresent()
                && events.last()
                        .filter(last -> !last.started() && last.exitCode() != null && last.at() >= since.getAsLong())
                        .isPresent();
        if (endUnseen) {
            return;
        }
        Shell running = shell;
        if (running != null) {
            resize(wantedRows, wantedColumns);
            return;
        }
        rows = bounded(wantedRows);
        columns = bounded(wantedColumns);
        Files.createDirectories(data);
        if (log.end() > 0) {
            byte[] tidy = TIDY.getBytes(StandardCharsets.UTF_8);
            log.append(tidy, tidy.length);
        }
        Map<String, String> variables = new LinkedHashMap<>(environment.get());
        variables.put("TERM", "xterm-256color");
        variables.put("COLORTERM", "truecolor");
        Path folder = Files.isDirectory(workspace) ? workspace : data;
        events.add(log.end(), true, null, clock.instant());
        shell = Shell.start(folder, variables, rows, columns, new Shell.Listener() {
            @Override
            public void wrote(byte[] bytes, int length) {
                log.append(bytes, length);
            }

            @Override
            public void exited(int code) {
                ended(code);
            }
        });
        Log.info("a shell begins", "rows", rows, "columns", columns);
    }

    private synchronized void ended(int code) {
        log.settle();
        events.add(log.end(), false, code, clock.instant());
        shell = null;
        log.nudge();
        Log.info("the shell has ended", "code", code);
    }

    /** @return whether it was taken: not without a shell, nor when too much waits already */
    public synchronized boolean input(byte[] bytes) {
        Shell running = shell;
        return running != null && running.input(bytes);
    }

    /** The size of the screen; the last one who says so decides for all viewers. */
    public synchronized void resize(int wantedRows, int wantedColumns) throws IOException {
        rows = bounded(wantedRows);
        columns = bounded(wantedColumns);
        Shell running = shell;
        if (running != null) {
            running.resize(rows, columns);
        }
    }

    /** @return whether there was a shell to get it */
    public synchronized boolean signal(int number) throws IOException {
        Shell running = shell;
        return running != null && running.signal(number);
    }

    /** What {@code GET /terminal} answers. */
    public synchronized ObjectNode status() {
        Shell running = shell;
        ShellEvent last = events.last().orElse(null);
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("status", running != null ? "running" : last == null ? "none" : "exited");
        status.put("seq", log.end()).put("base", log.base());
        status.put("rows", rows).put("columns", columns);
        status.put("pid", running == null ? null : running.pid());
        status.put("exitCode", running != null || last == null ? null : last.exitCode());
        Instant since = last == null ? null : last.time();
        return status.put("changedAt", since == null ? null : since.toString());
    }

    /** Whether a shell runs. */
    public synchronized boolean isRunning() {
        return shell != null;
    }

    /** The position behind all output. */
    public long end() {
        return log.end();
    }

    /** Reads in order, across shells, from a position on; without one from where a new viewer best begins. */
    public TerminalReader read(OptionalLong since) {
        return new TerminalReader(this, log, events, since.orElseGet(log::recent));
    }

    private static int bounded(int wanted) {
        return Math.max(1, Math.min(ROWS_MAX, wanted));
    }

    @Override
    public synchronized void close() {
        Shell running = shell;
        if (running != null) {
            try {
                running.signal(HANGUP);
            } catch (IOException e) {
                Log.warn("the shell cannot be told to end", "error", e.getMessage());
            }
        }
        log.close();
    }
}
