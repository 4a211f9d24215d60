package dev.slipway.agent.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A channel as streams that may be read and written at the same time, with small buffers. */
final class ChannelStreams {
    private static final int SLICE_BYTES = 16 * 1024;

    private ChannelStreams() {}

    static InputStream input(SocketChannel channel) {
        return new InputStream() {
            private final ByteBuffer buffer = ByteBuffer.allocate(SLICE_BYTES).limit(0);

            @Override
            public int read() throws IOException {
                return fill() ? buffer.get() & 0xff : -1;
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
                if (!buffer.hasRemaining()) {
                    buffer.clear();
                    int count = channel.read(buffer);
                    buffer.flip();
                    return count > 0;
                }
                return true;
            }
        };
    }

    static OutputStream output(SocketChannel channel) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                for (int done = 0; done < length; ) {
                    // In slices: the JDK copies a heap buffer into native memory of the same size, which it then keeps.
                    ByteBuffer slice = ByteBuffer.wrap(source, offset + done, Math.min(SLICE_BYTES, length - done));
                    while (slice.hasRemaining()) {
                        done += channel.write(slice);
                    }
                }
            }
        };
    }
}
