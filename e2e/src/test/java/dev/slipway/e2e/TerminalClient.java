package dev.slipway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A viewer of a terminal over the public WebSocket: what came, and up to where. */
final class TerminalClient implements WebSocket.Listener, AutoCloseable {
    private final StringBuilder frame = new StringBuilder();
    private final StringBuilder output = new StringBuilder();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private volatile long lastSeq;
    private boolean left;
    private final WebSocket socket;

    private TerminalClient(URI uri) {
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(10))
                .buildAsync(uri, this)
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    /** Opens the terminal of a session; {@code since} is the last {@code seq} seen, 0 for all that is kept. */
    static TerminalClient open(String url, String session, long since) {
        return new TerminalClient(URI.create(url.replaceFirst("^http", "ws") + "/api/projects/local/sessions/" + session
                + "/terminal/ws?rows=40&cols=120&since=" + since));
    }

    void type(String text) {
        try {
            socket.sendText(Api.JSON.writeValueAsString(Map.of("type", "input", "data", text)), true)
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized String output() {
        return output.toString();
    }

    long lastSeq() {
        return lastSeq;
    }

    void await(Predicate<String> until) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(this::output, until);
    }

    /** The code with which the server closed. */
    int closeCode() {
        return closed.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public synchronized CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        if (left) {
            return CompletableFuture.completedFuture(null);
        }
        frame.append(data);
        if (last) {
            try {
                JsonNode message = Api.JSON.readTree(frame.toString());
                if (message.path("type").asText().equals("output")) {
                    output.append(message.path("data").asText());
                    lastSeq = message.path("seq").asLong();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            frame.setLength(0);
        }
        webSocket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        if (left) {
            return CompletableFuture.completedFuture(null);
        }
        output.append(StandardCharsets.UTF_8.decode(data));
        webSocket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }

    /** Goes away without a word, as a closed lid does; what came until then stays as it is. */
    @Override
    public synchronized void close() {
        left = true;
        socket.abort();
    }
}
