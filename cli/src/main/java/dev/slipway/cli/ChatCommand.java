package dev.slipway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a message and shows the answer as it comes. A broken connection is taken up where it broke. */
@Command(name = "chat", description = "Send a message to a session and show the answer as it comes.")
final class ChatCommand extends GatewayCommand {
    private static final int RESUMES_MAX = 20;
    private static final long RESUME_PAUSE_MILLISECONDS = 1000;

    @Parameters(index = "0", paramLabel = "SESSION")
    String session = "";

    @Parameters(index = "1", paramLabel = "TEXT", description = "The message; - reads it from the input.")
    String text = "";

    @Option(names = "--model", description = "The model for this turn.")
    @Nullable
    String model;

    @Option(names = "--mode", description = "The agent's mode for this turn.")
    @Nullable
    String mode;

    @Override
    public Integer call() throws InterruptedException {
        UiMessageStream view = new UiMessageStream(terminal().out(), json);
        Gateway gateway = gateway();
        InputStream stream = gateway.open("POST", "chat", body(), Map.of());
        String lastId = null;
        for (int resumes = 0; stream != null; resumes++) {
            ServerSentEvents events = new ServerSentEvents(stream);
            if (readToEnd(events, view)) {
                break;
            }
            lastId = events.lastId() == null ? lastId : events.lastId();
            if (resumes == RESUMES_MAX) {
                throw new Failure(Failure.UNREACHABLE, "the connection keeps breaking; the turn goes on without it");
            }
            Thread.sleep(RESUME_PAUSE_MILLISECONDS);
            stream = resume(gateway, lastId, resumes);
        }
        String error = view.error();
        if (error != null) {
            throw new Failure(Failure.TURN_FAILED, error);
        }
        return 0;
    }

    /** True if the stream said that it is complete, false if it broke. */
    private static boolean readToEnd(ServerSentEvents stream, UiMessageStream view) {
        try (ServerSentEvents events = stream) {
            for (var event = events.next(); event != null; event = events.next()) {
                if (event.data().equals("[DONE]")) {
                    return true;
                }
                view.show(Gateway.JSON.readTree(event.data()));
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private @Nullable InputStream resume(Gateway gateway, @Nullable String lastId, int attempt)
            throws InterruptedException {
        try {
            Map<String, String> from = lastId == null ? Map.of() : Map.of("Last-Event-ID", lastId);
            return gateway.open("GET", "chat/" + Gateway.encode(session) + "/stream", null, from);
        } catch (Failure e) {
            if (e.exitCode() != Failure.UNREACHABLE || attempt + 1 >= RESUMES_MAX) {
                throw e;
            }
            // Not there yet: an empty stream counts as one more break.
            return InputStream.nullInputStream();
        }
    }

    private JsonNode body() {
        ObjectNode body = Gateway.object().put("id", session);
        ObjectNode message = body.putObject("message")
                .put("id", UUID.randomUUID().toString())
                .put("role", "user");
        message.putArray("parts").addObject().put("type", "text").put("text", prompt());
        if (model != null) {
            body.put("model", model);
        }
        if (mode != null) {
            body.put("mode", mode);
        }
        return body;
    }

    private String prompt() {
        if (!text.equals("-")) {
            return text;
        }
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Failure(Failure.USAGE, "the message cannot be read: " + e.getMessage());
        }
    }
}
