package dev.slipway.agent.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request, its body still unread.
 *
 * @param path percent-decoded, without the query
 * @param query percent-decoded; of a name that comes twice the last value
 * @param headers names in lower case; of a name that comes twice the values joined by a comma
 */
public record HttpRequest(
        String method, String path, Map<String, String> query, Map<String, String> headers, InputStream body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The header of that name, in any case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** A query parameter; empty text counts as given. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** Whether a flag of the query is set: {@code true} or {@code 1}. */
    public boolean flag(String name) {
        return parameter(name)
                .filter(value -> value.equals("true") || value.equals("1"))
                .isPresent();
    }

    /**
     * The body as a JSON object.
     *
     * @param bytesMax more than that is a 413
     */
    public JsonNode json(int bytesMax) throws IOException {
        byte[] bytes = bytes(bytesMax);
        try {
            JsonNode node = JSON.readTree(bytes);
            if (node == null || !node.isObject()) {
                throw Problem.of(400, "The body is not a JSON object.");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw Problem.of(400, "The body is not JSON: " + e.getOriginalMessage());
        }
    }

    private byte[] bytes(int bytesMax) throws IOException {
        var all = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        int count;
        while ((count = body.read(buffer)) >= 0) {
            if (all.size() + count > bytesMax) {
                throw Problem.of(413, "The body is larger than " + bytesMax + " bytes.");
            }
            all.write(buffer, 0, count);
        }
        return all.toByteArray();
    }

    /**
     * Takes a request target apart.
     *
     * @throws Problem 400 if it is not in origin form
     */
    static Target target(String target) {
        if (!target.startsWith("/")) {
            throw Problem.of(400, "The request target must be a path.");
        }
        int mark = target.indexOf('?');
        Map<String, String> query = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String pair : target.substring(mark + 1).split("&", -1)) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = equals < 0 ? pair : pair.substring(0, equals);
                    query.put(decode(name, true), equals < 0 ? "" : decode(pair.substring(equals + 1), true));
                }
            }
        }
        return new Target(decode(mark < 0 ? target : target.substring(0, mark), false), query);
    }

    record Target(String path, Map<String, String> query) {}

    private static String decode(String text, boolean plusIsBlank) {
        try {
            return URLDecoder.decode(plusIsBlank ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw Problem.of(400, "The request target has a broken percent escape.");
        }
    }
}
