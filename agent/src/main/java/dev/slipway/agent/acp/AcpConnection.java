package dev.slipway.agent.acp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One agent at the other end of two streams.
 *
 * <p>One thread reads and hands on in order, so the answer to a call is seen only after every update that the agent wrote before it.
 */
public final class AcpConnection {
    /** A tool's output of some megabytes comes in one line; what is longer is dropped and said in the log. */
    private static final int LINE_BYTES_MAX = 16 << 20;

    private static final int METHOD_NOT_FOUND = -32601;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OutputStream out;
    private final AcpPeer peer;
    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean ended;
    private volatile long heard = System.nanoTime();

    private AcpConnection(OutputStream out, AcpPeer peer) {
        this.out = out;
        this.peer = peer;
    }

    /** Begins to read. */
    public static AcpConnection start(InputStream in, OutputStream out, AcpPeer peer) {
        var connection = new AcpConnection(out, peer);
        Thread.ofVirtual().name("acp-reader").start(() -> connection.readAll(in));
        return connection;
    }

    /** Calls a method; the future fails with an {@link AcpException}. */
    public CompletableFuture<JsonNode> call(String method, ObjectNode params) {
        long id = lastId.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        calls.put(id, answer);
        try {
            if (ended) {
                throw new IOException("the agent's output has ended");
            }
            write(message().put("id", id).put("method", method).set("params", params));
        } catch (IOException e) {
            calls.remove(id);
            answer.completeExceptionally(gone(String.valueOf(e.getMessage())));
        }
        return answer;
    }

    /** Calls a method and waits for the answer. */
    public JsonNode call(String method, ObjectNode params, Duration timeout) throws AcpException, InterruptedException {
        CompletableFuture<JsonNode> answer = call(method, params);
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw asAcpException(e);
        } catch (TimeoutException _) {
            throw new AcpException(
                    AcpException.CONNECTION_ENDED, method + ": no answer within " + timeout.toSeconds() + " s");
        }
    }

    /** What made a call's future fail. */
    public static AcpException asAcpException(ExecutionException failure) {
        return failure.getCause() instanceof AcpException acp ? acp : gone(String.valueOf(failure.getMessage()));
    }

    /** Tells something that has no answer; an agent that has gone does not hear it. */
    public void notify(String method, ObjectNode params) {
        try {
            write(message().put("method", method).set("params", params));
        } catch (IOException e) {
            Log.info("agent did not take a notification", "method", method, "error", e.getMessage());
        }
    }

    /** How long the agent has said nothing, or since the beginning if it never did. */
    public Duration silentFor() {
        return Duration.ofNanos(System.nanoTime() - heard);
    }

    private void readAll(InputStream in) {
        var lines = new AcpLines(in, LINE_BYTES_MAX);
        try {
            byte[] line;
            while ((line = lines.next()) != null) {
                read(line);
                heard = System.nanoTime();
            }
        } catch (IOException e) {
            Log.info("agent output broke", "error", e.getMessage());
        } finally {
            ended = true;
            calls.values().forEach(call -> call.completeExceptionally(gone("the agent's output has ended")));
            calls.clear();
            peer.ended();
        }
    }

    private void read(byte[] line) {
        JsonNode message;
        try {
            message = JSON.readTree(line);
        } catch (IOException e) {
            Log.info("agent wrote a line that is no message", "bytes", line.length);
            return;
        }
        if (message == null || !message.isObject()) {
            Log.info("agent wrote a line that is no message", "bytes", line.length);
            return;
        }
        try {
            dispatch(message);
        } catch (RuntimeException e) {
            // One message that nobody can make sense of is no reason to stop listening.
            Log.warn(
                    "message of the agent failed",
                    "method",
                    message.path("method").asText(),
                    "error",
                    e);
        }
    }

    private void dispatch(JsonNode message) {
        JsonNode id = message.get("id");
        String method = message.path("method").asText();
        if (method.isEmpty()) {
            answered(message);
        } else if (id == null) {
            peer.notified(method, message.path("params"));
        } else {
            peer.asked(method, message.path("params"), new LineReply(id));
        }
    }

    private void answered(JsonNode message) {
        CompletableFuture<JsonNode> call = calls.remove(message.path("id").asLong(-1));
        if (call == null) {
            Log.info("agent answered a call that nobody made", "id", message.path("id"));
        } else if (message.hasNonNull("error")) {
            JsonNode error = message.get("error");
            call.completeExceptionally(new AcpException(error.path("code").asInt(), describe(error)));
        } else {
            call.complete(message.path("result"));
        }
    }

    /** Some vendors say only "Internal error" and put the reason into the data. */
    private static String describe(JsonNode error) {
        String message = error.path("message").asText("error without a message");
        String details = error.path("data").path("details").asText();
        return details.isEmpty() ? message : message + ": " + details;
    }

    private void write(JsonNode message) throws IOException {
        byte[] json;
        try {
            json = JSON.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("message that is no JSON", e);
        }
        byte[] line = new byte[json.length + 1];
        System.arraycopy(json, 0, line, 0, json.length);
        line[json.length] = '\n';
        writing.lock();
        try {
            out.write(line);
            out.flush();
        } finally {
            writing.unlock();
        }
    }

    private static ObjectNode message() {
        return JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
    }

    private static AcpException gone(String why) {
        return new AcpException(AcpException.CONNECTION_ENDED, why);
    }

    private final class LineReply implements AcpPeer.Reply {
        private final JsonNode id;

        private LineReply(JsonNode id) {
            this.id = id;
        }

        @Override
        public void result(ObjectNode result) {
            send(message().<ObjectNode>set("id", id).set("result", result));
        }

        @Override
        public void error(int code, String text) {
            ObjectNode error =
                    JsonNodeFactory.instance.objectNode().put("code", code).put("message", text);
            send(message().<ObjectNode>set("id", id).set("error", error));
        }

        private void send(JsonNode answer) {
            try {
                write(answer);
            } catch (IOException e) {
                Log.info("agent did not take an answer", "error", e.getMessage());
            }
        }
    }

    /** Refuses a method that is not offered to agents here. */
    public static void refuse(String method, AcpPeer.Reply reply) {
        reply.error(METHOD_NOT_FOUND, "not offered here: " + method);
    }
}
