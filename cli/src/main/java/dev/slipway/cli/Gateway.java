package dev.slipway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gateway's API for one project. Every problem it answers becomes a {@link Failure} in its own words. */
final class Gateway {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int PAGES_MAX = 100;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final String url;
    private final String project;
    private final @Nullable String token;

    /** @param token an API token or access token; null where the server asks for none */
    Gateway(String url, String project, @Nullable String token) {
        this.url = url.replaceAll("/+$", "");
        this.project = project;
        this.token = token;
    }

    JsonNode get(String path) throws InterruptedException {
        return send("GET", path, null);
    }

    JsonNode post(String path, JsonNode body) throws InterruptedException {
        return send("POST", path, body);
    }

    JsonNode delete(String path) throws InterruptedException {
        return send("DELETE", path, null);
    }

    /** All pages of a list under that name. */
    ArrayNode list(String path, String name) throws InterruptedException {
        ArrayNode all = JSON.createArrayNode();
        String cursor = "";
        for (int page = 0; page < PAGES_MAX; page++) {
            String separator = path.contains("?") ? "&" : "?";
            JsonNode answer =
                    get(path + separator + "limit=200" + (cursor.isEmpty() ? "" : "&cursor=" + encode(cursor)));
            answer.path(name).forEach(all::add);
            cursor = answer.path("nextCursor").asText("");
            if (cursor.isEmpty() || cursor.equals("null")) {
                break;
            }
        }
        return all;
    }

    /** Opens a stream that is read as it comes; the caller closes it. Null for an empty answer (204). */
    @Nullable
    InputStream open(String method, String path, @Nullable JsonNode body, Map<String, String> headers)
            throws InterruptedException {
        HttpRequest.Builder request = request(method, path, body).header("Accept", "text/event-stream");
        headers.forEach(request::header);
        HttpResponse<InputStream> response = exchange(request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() >= 400) {
            try (InputStream stream = response.body()) {
                throw problem(response.statusCode(), stream.readAllBytes());
            } catch (IOException e) {
                throw unreachable(e);
            }
        }
        return response.statusCode() == 204 ? null : response.body();
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Failure unreachable(IOException e) {
        return new Failure(
                Failure.UNREACHABLE,
                "nothing answers at " + url + " ("
                        + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
                        + "). Is it running? ./slipway up --detach; elsewhere: --url or SLIPWAY_URL.");
    }

    private JsonNode send(String method, String path, @Nullable JsonNode body) throws InterruptedException {
        HttpResponse<byte[]> response =
                exchange(request(method, path, body).timeout(ANSWER).build(), BodyHandlers.ofByteArray());
        if (response.statusCode() >= 400) {
            throw problem(response.statusCode(), response.body());
        }
        return response.body().length == 0 ? object() : parse(response.body());
    }

    private HttpRequest.Builder request(String method, String path, @Nullable JsonNode body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + "/api/projects/" + encode(project) + "/" + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body == null) {
            return request.method(method, BodyPublishers.noBody());
        }
        return request.header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body.toString()));
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws InterruptedException {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** An RFC 9457 problem in one line, with the fields at fault below. */
    static Failure problem(int status, byte[] body) {
        JsonNode problem;
        try {
            problem = JSON.readTree(body);
        } catch (IOException e) {
            problem = object();
        }
        String detail = problem.path("detail").asText(problem.path("title").asText("the server answered " + status));
        StringBuilder text = new StringBuilder(Terminal.printable(detail));
        for (JsonNode field : problem.path("errors")) {
            text.append("\n  ")
                    .append(Terminal.printable(field.path("field").asText()))
                    .append(": ")
                    .append(Terminal.printable(field.path("detail").asText()));
        }
        if (status == 401) {
            text.append("\n  Say who you are: SLIPWAY_TOKEN=slp_… slipway …");
        }
        return new Failure(Failure.REFUSED, text.toString());
    }

    private static JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new Failure(Failure.REFUSED, "the server's answer is no JSON; is a Slipway at that URL?");
        } catch (IOException e) {
            throw new Failure(Failure.REFUSED, "the server's answer cannot be read: " + e.getMessage());
        }
    }
}
