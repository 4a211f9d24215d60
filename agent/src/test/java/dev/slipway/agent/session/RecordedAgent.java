package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An agent of which each method is answered with what a real one answered, updates included, as it was recorded; what was not
 * recorded is answered with an empty result. What it was asked is in the file {@code asked} in its home.
 *
 * <p>With the variable {@code MINUTES} it has Gemini's flaw: a session that is loaded in the minute in which it was made is
 * overwritten, and the answer is the one that was recorded of that. The time is that of the file {@code shift} in its home, in
 * milliseconds beside the real one.
 */
final class RecordedAgent {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path HOME = Path.of(System.getenv("HOME"));

    private RecordedAgent() {}

    /** Arguments: the recording's name. */
    public static void main(String[] arguments) throws IOException {
        Map<String, List<JsonNode>> recorded = recorded(arguments[0]);
        boolean flawed = System.getenv("MINUTES") != null;
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode asked = JSON.readTree(line);
            String method = asked.path("method").asText();
            Files.writeString(HOME.resolve("asked"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            if (!asked.has("id")) {
                continue;
            }
            if (flawed && method.equals("session/new")) {
                Files.writeString(HOME.resolve("minute"), minute());
            }
            if (flawed
                    && method.equals("session/load")
                    && Files.readString(HOME.resolve("minute")).equals(minute())) {
                say(lost(arguments[0]), asked);
            } else {
                recorded.getOrDefault(method, List.of(empty())).forEach(message -> say(message, asked));
            }
        }
    }

    private static JsonNode empty() {
        return JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 0).set("result", JSON.createObjectNode());
    }

    private static String minute() throws IOException {
        long shift = Long.parseLong(Files.readString(HOME.resolve("shift")));
        return Instant.now().plusMillis(shift).truncatedTo(ChronoUnit.MINUTES).toString();
    }

    private static void say(JsonNode message, JsonNode asked) {
        ObjectNode own = message.deepCopy();
        if (own.has("id")) {
            own.set("id", asked.path("id"));
        }
        System.out.println(own);
        System.out.flush();
    }

    /** What followed each method when it was last asked, up to the next question. */
    private static Map<String, List<JsonNode>> recorded(String name) throws IOException {
        Map<String, List<JsonNode>> recorded = new HashMap<>();
        List<JsonNode> current = new ArrayList<>();
        for (JsonNode record : records(name)) {
            JsonNode message = record.path("msg");
            boolean fromAgent = record.path("dir").asText().equals("<");
            if (!fromAgent && message.has("method")) {
                current = new ArrayList<>();
                recorded.put(message.path("method").asText(), current);
            } else if (fromAgent && message.isObject() && !(message.has("method") && message.has("id"))) {
                current.add(message);
            }
        }
        return recorded;
    }

    /** The answer to a load that came too early. */
    private static JsonNode lost(String name) throws IOException {
        return records("gemini").stream()
                .map(record -> record.path("msg"))
                .filter(message -> message.path("error").toString().contains("No previous sessions"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no lost session was recorded beside " + name));
    }

    private static List<JsonNode> records(String name) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(
                RecordedAgent.class.getResourceAsStream("/acp-transcripts/" + name + ".jsonl"), name)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                records.add(JSON.readTree(line));
            }
        }
        return records;
    }
}
