package dev.slipway.mitm.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Writes bytes to the session's socket as they are, and gives what comes back. */
public final class RawClient {
    private static final long FIRST_MILLIS = 10_000;
    private static final long SILENCE_MILLIS = 1_000;

    private RawClient() {}

    /** Sends each text after silence has followed the answer to the one before; bytes and characters are the same (ISO 8859-1). */
    public static String exchange(RunningProxy proxy, String... texts) throws IOException {
        StringBuilder answer = new StringBuilder();
        try (SocketChannel channel = proxy.connect();
                Selector selector = Selector.open()) {
            for (String text : texts) {
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
                channel.configureBlocking(false);
                SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                int length = answer.length();
                while (selector.select(answer.length() == length ? FIRST_MILLIS : SILENCE_MILLIS) > 0) {
                    selector.selectedKeys().clear();
                    if (!read(channel, answer)) {
                        return answer.toString();
                    }
                }
                key.cancel();
                selector.selectNow();
                channel.configureBlocking(true);
            }
        }
        return answer.toString();
    }

    private static boolean read(SocketChannel channel, StringBuilder answer) {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        try {
            if (channel.read(buffer) < 0) {
                return false;
            }
        } catch (IOException reset) {
            return false;
        }
        answer.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        return true;
    }
}
