package dev.slipway.container.testing;

import dev.slipway.kit.identity.Caller;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A WebSocket's client that keeps what comes. */
public final class SocketClient implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final List<String> texts = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StringBuilder part = new StringBuilder();
    private @Nullable WebSocket socket;
    private int closed = -1;

    /** Connects; a refusal is a {@link java.util.concurrent.CompletionException}. */
    public static SocketClient connect(ServiceUnderTest service, Caller caller, String path) {
        SocketClient client = new SocketClient();
        client.socket = HTTP.newWebSocketBuilder()
                .header("X-Slipway-Identity", service.token(caller))
                .buildAsync(URI.create(service.socketUrl() + path), client)
                .join();
        return client;
    }

    /** Sends a text frame. */
    public void send(String text) {
        present().sendText(text, true).join();
    }

    /** Sends a binary frame. */
    public void send(byte[] raw) {
        present().sendBinary(ByteBuffer.wrap(raw), true).join();
    }

    /** The text frames so far. */
    public synchronized List<String> texts() {
        return List.copyOf(texts);
    }

    /** What came in binary frames so far. */
    public synchronized byte[] bytes() {
        return bytes.toByteArray();
    }

    /** The status that it was closed with; -1 while it is open. */
    public synchronized int closed() {
        return closed;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        synchronized (this) {
            part.append(data);
            if (last) {
                texts.add(part.toString());
                part.setLength(0);
            }
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] raw = new byte[data.remaining()];
        data.get(raw);
        synchronized (this) {
            bytes.writeBytes(raw);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        synchronized (this) {
            closed = status;
        }
        return null;
    }

    @Override
    public synchronized void onError(WebSocket from, Throwable error) {
        closed = 1006;
    }

    private WebSocket present() {
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        return open;
    }

    /** Breaks it off, without a goodbye. */
    public void breakOff() {
        present().abort();
    }

    @Override
    public void close() {
        breakOff();
    }
}
