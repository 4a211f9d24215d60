package dev.slipway.container.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One connection to an agent. A channel has no read timeout of its own, so a watch closes the connection after too long a
 * silence: agents write at least every ten seconds while something is followed.
 */
public final class AgentLine implements AutoCloseable {
    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("agent-silence").factory());
    private static final int READ_MAX = 16 * 1024;

    private final SocketChannel channel;
    private final ScheduledFuture<?> watch;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private volatile long lastByte = System.nanoTime();
    private volatile boolean answering;

    AgentLine(SocketChannel channel, Duration silenceMax) {
        this.channel = channel;
        long period = Math.max(50, silenceMax.toMillis() / 4);
        this.watch =
                WATCH.scheduleWithFixedDelay(() -> closeIfSilent(silenceMax), period, period, TimeUnit.MILLISECONDS);
    }

    private void closeIfSilent(Duration silenceMax) {
        if (System.nanoTime() - lastByte > silenceMax.toNanos()) {
            close();
        }
    }

    /** The answer's head is here. */
    void answering() {
        answering = true;
    }

    boolean isAnswering() {
        return answering;
    }

    /** What comes; always the same stream, since it reads ahead. */
    public InputStream input() {
        return input;
    }

    /** What goes; written at once. */
    public OutputStream output() {
        return output;
    }

    /** Nothing more will be written. */
    public void finish() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() {
        watch.cancel(false);
        try {
            channel.close();
        } catch (IOException _) {
            // Closed is closed; there is nobody to tell.
            return;
        }
    }

    private final class Input extends InputStream {
        private final ByteBuffer buffer = ByteBuffer.allocate(READ_MAX).limit(0);

        @Override
        public int read() throws IOException {
            return fill() ? buffer.get() & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, buffer.remaining());
            buffer.get(target, offset, count);
            return count;
        }

        private boolean fill() throws IOException {
            if (buffer.hasRemaining()) {
                return true;
            }
            buffer.clear();
            int count = channel.read(buffer);
            lastByte = System.nanoTime();
            buffer.flip();
            return count > 0;
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
                lastByte = System.nanoTime();
            }
        }
    }
}
