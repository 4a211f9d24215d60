package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A scripted agent that speaks ACP on its standard streams. The prompt's first word says what it does:
 *
 * <pre>write F TEXT | say TEXT | ask KIND | hang | deaf | die | fail | lose process/ended/session | env NAME | late</pre>
 */
public final class FakeAcpAgent {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path HISTORY = Path.of(System.getenv("HOME"), "fake-history");

    private final Map<Long, JsonNode> waiting = new HashMap<>();
    private long lastId;
    private JsonNode promptId = JSON.nullNode();
    private boolean deaf;
    private boolean asking;
    private String lost = "";

    private FakeAcpAgent() {}

    public static void main(String[] arguments) throws IOException {
        var agent = new FakeAcpAgent();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.err.println("fake agent starts");
        String line = in.readLine();
        while (line != null) {
            agent.take(JSON.readTree(line));
            line = in.readLine();
        }
    }

    private void take(JsonNode message) throws IOException {
        JsonNode id = message.path("id");
        switch (message.path("method").asText()) {
            case "initialize" -> result(id, """
                        {"protocolVersion":1,"agentInfo":{"name":"fake","version":"1"},"agentCapabilities":{"loadSession":true}}""");
            case "session/new" -> {
                Files.writeString(HISTORY, "");
                result(id, """
                        {"sessionId":"s1","modes":{"currentModeId":"default","availableModes":[{"id":"default"},{"id":"plan"}]}}""");
                update("""
                        {"sessionUpdate":"available_commands_update","availableCommands":[{"name":"help"}]}""");
            }
            case "session/load" -> {
                for (String said : Files.readAllLines(HISTORY)) {
                    say("replayed " + said);
                }
                result(id, "{}");
            }
            case "session/set_mode" -> {
                result(id, "{}");
                update("{\"sessionUpdate\":\"current_mode_update\",\"currentModeId\":"
                        + message.path("params").path("modeId") + "}");
            }
            case "session/prompt" -> {
                promptId = id;
                StringBuilder text = new StringBuilder();
                message.path("params")
                        .path("prompt")
                        .forEach(block -> text.append(block.path("text").asText()));
                perform(text.toString());
            }
            case "session/cancel" -> {
                if (!deaf && !asking) {
                    end("cancelled");
                }
            }
            case "" -> {
                if (waiting.remove(id.asLong()) != null) {
                    asking = false;
                    if (message.path("result").has("action")) {
                        say("question " + message.path("result"));
                        end("end_turn");
                        return;
                    }
                    JsonNode outcome = message.path("result").path("outcome");
                    say("answered "
                            + outcome.path("optionId")
                                    .asText(outcome.path("outcome").asText()));
                    end(outcome.path("outcome").asText().equals("cancelled") ? "cancelled" : "end_turn");
                }
            }
            default -> throw new IOException("unexpected " + message);
        }
    }

    private void perform(String prompt) throws IOException {
        Files.writeString(HISTORY, Files.readString(HISTORY) + prompt + "\n");
        if (!lost.isEmpty()) {
            refuse(lost);
            return;
        }
        String[] words = prompt.split(" ", 3);
        switch (words[0]) {
            case "write" -> {
                update(
                        "{\"sessionUpdate\":\"tool_call\",\"toolCallId\":\"t1\",\"title\":\"Write\",\"kind\":\"edit\",\"vendorOwn\":{\"x\":[1]}}");
                Files.writeString(Path.of(words[1]), words[2]);
                update("{\"sessionUpdate\":\"tool_call_update\",\"toolCallId\":\"t1\",\"status\":\"completed\"}");
                say("written");
                end("end_turn");
            }
            case "say" -> {
                say(prompt.substring(4));
                end("end_turn");
            }
            case "env" -> {
                say(String.valueOf(System.getenv(words[1])));
                end("end_turn");
            }
            case "ask" -> {
                long requestId = ++lastId;
                waiting.put(requestId, promptId);
                asking = true;
                send("{\"jsonrpc\":\"2.0\",\"id\":" + requestId
                        + ",\"method\":\"session/request_permission\",\"params\":{\"sessionId\":\"s1\","
                        + "\"toolCall\":{\"toolCallId\":\"t2\",\"kind\":\"" + words[1] + "\"},\"options\":["
                        + "{\"optionId\":\"always\",\"kind\":\"allow_always\"},{\"optionId\":\"once\",\"kind\":\"allow_once\"},"
                        + "{\"optionId\":\"no\",\"kind\":\"reject_once\"}]}}");
            }
            case "question" -> {
                long requestId = ++lastId;
                waiting.put(requestId, promptId);
                send("{\"jsonrpc\":\"2.0\",\"id\":" + requestId
                        + ",\"method\":\"elicitation/create\",\"params\":{\"sessionId\":\"s1\",\"mode\":\"form\","
                        + "\"message\":\"Which?\",\"requestedSchema\":{\"type\":\"object\",\"properties\":"
                        + "{\"a\":{\"type\":\"string\"}}}}}");
            }
            case "hang" -> say("hanging");
            case "deaf" -> {
                deaf = true;
                say("deaf");
            }
            case "die" -> {
                System.err.println("fake agent dies");
                System.exit(3);
            }
            case "fail" -> fail("scripted");
            case "lose" -> {
                lost = lost(words[1]);
                refuse(lost);
            }
            case "late" -> {
                end("end_turn");
                say("after the end");
            }
            case "The" -> {
                say("told " + prompt);
                end("end_turn");
            }
            default -> end("refusal");
        }
    }

    private void say(String text) throws IOException {
        ObjectNode update = JSON.createObjectNode().put("sessionUpdate", "agent_message_chunk");
        update.putObject("content").put("type", "text").put("text", text);
        update(update.toString());
    }

    private void update(String update) throws IOException {
        send("{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":{\"sessionId\":\"s1\",\"update\":" + update
                + "}}");
    }

    private void fail(String details) throws IOException {
        refuse(internal(details));
    }

    /** What agents were seen to answer, to this prompt and all later ones, once what they had started themselves is gone. */
    private static String lost(String what) {
        return switch (what) {
            case "process" -> internal("The agent process exited unexpectedly. Please start a new session.");
            case "ended" -> internal("The agent session has ended. Please start a new session.");
            case "session" -> "{\"code\":-32002,\"message\":\"Resource not found\",\"data\":{\"sessionId\":\"s1\"}}";
            default -> throw new IllegalArgumentException(what);
        };
    }

    private static String internal(String details) {
        return "{\"code\":-32603,\"message\":\"Internal error\",\"data\":{\"details\":\"" + details + "\"}}";
    }

    private void refuse(String error) throws IOException {
        send("{\"jsonrpc\":\"2.0\",\"id\":" + promptId + ",\"error\":" + error + "}");
    }

    private void end(String stopReason) throws IOException {
        result(promptId, "{\"stopReason\":\"" + stopReason + "\",\"usage\":{\"inputTokens\":3,\"outputTokens\":4}}");
    }

    private static void result(JsonNode id, String result) throws IOException {
        send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result.strip() + "}");
    }

    private static void send(String line) throws IOException {
        System.out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }
}
