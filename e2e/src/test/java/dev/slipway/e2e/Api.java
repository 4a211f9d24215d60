package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The public API as a client uses it, in project {@code local}. */
final class Api {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String url;

    Api(String url) {
        this.url = url;
    }

    /** An answer: its status and its body as JSON (missing node if there is none). */
    record Answer(int status, JsonNode body, HttpResponse<byte[]> raw) {
        JsonNode expect(int expected) {
            assertThat(status)
                    .as(() -> "status of " + raw.request() + ": " + body)
                    .isEqualTo(expected);
            return body;
        }
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer post(String path, Object body) {
        return send("POST", path, body);
    }

    Answer send(String method, String path, @Nullable Object body) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url + path)).timeout(DEADLINE);
            HttpRequest.BodyPublisher publisher = body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
            if (body != null) {
                request.header("Content-Type", "application/json");
            }
            HttpResponse<byte[]> response =
                    http.send(request.method(method, publisher).build(), HttpResponse.BodyHandlers.ofByteArray());
            byte[] bytes = response.body();
            boolean json =
                    response.headers().firstValue("content-type").orElse("").contains("json");
            JsonNode parsed = bytes.length == 0 || !json ? JSON.missingNode() : JSON.readTree(bytes);
            return new Answer(response.statusCode(), parsed, response);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Opens a stream that is read as it comes. */
    HttpResponse<InputStream> open(String method, String path, @Nullable Object body, Map<String, String> headers) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
            headers.forEach(request::header);
            if (body != null) {
                request.header("Content-Type", "application/json");
                request.method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
            } else {
                request.method(method, HttpRequest.BodyPublishers.noBody());
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** A workspace of the local repository at this path, ready. */
    String workspace(String path) {
        String id = post("/api/projects/local/workspaces", Map.of("path", path))
                .expect(201)
                .path("id")
                .asText();
        await("/api/projects/local/workspaces/" + id, Duration.ofMinutes(1), "ready");
        return id;
    }

    /** An agent of this type. */
    String agent(String type) {
        return post("/api/projects/local/agents", Map.of("name", type, "agentType", type))
                .expect(201)
                .path("id")
                .asText();
    }

    /** A session of this agent whose sandbox has these limits. */
    String session(String workspace, String agent, Map<String, ?> limits) {
        return post(
                        "/api/projects/local/workspaces/" + workspace + "/sessions",
                        Map.of("agentId", agent, "limits", limits))
                .expect(201)
                .path("id")
                .asText();
    }

    /** A session on this workspace with this agent; not awaited. */
    String session(String workspace, String agent) {
        return post("/api/projects/local/workspaces/" + workspace + "/sessions", Map.of("agentId", agent))
                .expect(201)
                .path("id")
                .asText();
    }

    JsonNode awaitSession(String session, String status) {
        return await("/api/projects/local/sessions/" + session, Duration.ofMinutes(3), status);
    }

    /** Waits until a resource has this status; fails at once when it is {@code error}. */
    JsonNode await(String path, Duration longest, String status) {
        return await(path, longest, resource -> {
            String now = resource.path("status").asText();
            if (now.equals("error") && !status.equals("error")) {
                throw new AssertionError("status error: " + resource);
            }
            return now.equals(status);
        });
    }

    JsonNode await(String path, Duration longest, Predicate<JsonNode> until) {
        return Awaitility.await()
                .atMost(longest)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> get(path).expect(200), until);
    }

    /** Waits until a resource is gone. */
    void gone(String path) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> get(path).status() == 404);
    }

    /** Sends a chat message and opens its stream. */
    ChatStream chat(String session, String messageId, String text) {
        ObjectNode body = JSON.createObjectNode().put("id", session);
        ObjectNode message = body.putObject("message").put("id", messageId).put("role", "user");
        message.putArray("parts").addObject().put("type", "text").put("text", text);
        // As a browser asks; the other stories resume without the header, as curl does.
        return ChatStream.of(open("POST", "/api/projects/local/chat", body, Map.of("Accept", "text/event-stream")));
    }
}
