package dev.slipway.agent.terminal;

import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One shell on one pseudo-terminal, from its start to its end. */
final class Shell {
    /** Input that waits because nothing on the terminal reads it; more is refused. */
    static final int INPUT_BYTES_MAX = 1 << 20;

    private static final int READ_BYTES = 16 * 1024;
    private static final long EXIT_SECONDS_MAX = 10;
    /** Opening a terminal is what makes it a session leader's controlling one (termios(3)), so the shell itself opens it. */
    private static final String CONNECT = "exec \"$@\" <>\"$0\" >&0 2>&1";

    private final Pty pty;
    private final Process process;
    private final LinkedBlockingQueue<byte[]> input = new LinkedBlockingQueue<>();
    private final AtomicInteger inputBytes = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    private Shell(Pty pty, Process process) {
        this.pty = pty;
        this.process = process;
    }

    /** What a shell tells of itself, each from a thread of its own. */
    interface Listener {
        void wrote(byte[] bytes, int length);

        void exited(int code);
    }

    static Shell start(Path folder, Map<String, String> environment, int rows, int columns, Listener listener)
            throws IOException {
        Pty pty = Pty.open();
        try {
            pty.resize(rows, columns);
            List<String> command = List.of("setsid", "sh", "-c", CONNECT, pty.name(), program(), "-i");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(environment);
            Shell shell = new Shell(pty, builder.start());
            Thread.ofPlatform().daemon().name("terminal-output").start(() -> shell.readAll(listener));
            Thread.ofPlatform().daemon().name("terminal-input").start(shell::writeAll);
            return shell;
        } catch (IOException e) {
            pty.close();
            throw e;
        }
    }

    private static String program() {
        return Files.isExecutable(Path.of("/bin/bash")) ? "/bin/bash" : "/bin/sh";
    }

    long pid() {
        return process.pid();
    }

    /** @return false if so much waits already that this is refused */
    boolean input(byte[] bytes) {
        if (inputBytes.addAndGet(bytes.length) > INPUT_BYTES_MAX) {
            inputBytes.addAndGet(-bytes.length);
            return false;
        }
        return input.add(bytes);
    }

    void resize(int rows, int columns) throws IOException {
        pty.resize(rows, columns);
    }

    /** To the shell and whatever it started in its own group; what runs in the foreground has the keys for that. */
    boolean signal(int number) throws IOException {
        return ended.getCount() > 0 && Pty.signal(process.pid(), number);
    }

    private void readAll(Listener listener) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(READ_BYTES);
            byte[] bytes = new byte[READ_BYTES];
            int count;
            while ((count = pty.read(buffer)) > 0) {
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
                listener.wrote(bytes, count);
            }
        } catch (IOException e) {
            Log.warn("a terminal cannot be read", "error", e.getMessage());
        }
        end(listener::exited);
    }

    private void end(Consumer<Integer> exited) {
        int code = -1;
        try {
            if (process.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                code = process.exitValue();
            } else {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        ended.countDown();
        input.add(new byte[0]);
        exited.accept(code);
    }

    private void writeAll() {
        try {
            while (ended.getCount() > 0) {
                byte[] next = input.take();
                if (next.length > 0) {
                    pty.write(next);
                    inputBytes.addAndGet(-next.length);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            // The shell has ended, and with it whoever read.
            Log.info("input of an ended shell is dropped");
        }
        try {
            // Here, where neither end is in use any more: before, another thread could meet a reused descriptor.
            ended.await();
            pty.close();
        } catch (IOException e) {
            Log.warn("a terminal cannot be closed", "error", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
