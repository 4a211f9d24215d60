package dev.slipway.gateway.proxy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says a terminal's frames in the words of {@code /ws/pty}: text is what was typed or printed, and only {@code resize} and
 * {@code exit} are objects.
 */
final class PtyWords {
    private static final JsonFactory JSON = new JsonFactory();

    private PtyWords() {}

    /** What the client says, in the terminal's words. */
    static String toTerminal(String text) {
        Map<String, Object> said = text.startsWith("{") ? object(text) : null;
        if (said != null
                && "resize".equals(said.get("type"))
                && said.get("cols") instanceof Number columns
                && said.get("rows") instanceof Number rows) {
            return "{\"type\":\"resize\",\"data\":{\"rows\":" + rows.intValue() + ",\"cols\":" + columns.intValue()
                    + "}}";
        }
        return "{\"type\":\"input\",\"data\":" + quoted(text) + "}";
    }

    /** What the terminal says, in the client's words. */
    static String toClient(String text, long durationMillis) {
        Map<String, Object> said = object(text);
        if (said == null) {
            return text;
        }
        if ("output".equals(said.get("type")) && said.get("data") instanceof String printed) {
            return printed;
        }
        if ("exit".equals(said.get("type"))) {
            Object code = said.get("code");
            return "{\"type\":\"exit\",\"code\":" + (code instanceof Number number ? number.intValue() : -1)
                    + ",\"durationMs\":" + durationMillis + "}";
        }
        return text;
    }

    /** The values of an object that are texts or numbers; null if the text is no object. */
    private static @Nullable Map<String, Object> object(String text) {
        Map<String, Object> values = new HashMap<>();
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                if (token == JsonToken.VALUE_STRING) {
                    values.put(name, parser.getText());
                } else if (token.isNumeric()) {
                    values.put(name, parser.getNumberValue());
                } else {
                    parser.skipChildren();
                }
            }
            return values;
        } catch (IOException _) {
            return null;
        }
    }

    private static String quoted(String text) {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            generator.writeString(text);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory", e);
        }
        return out.toString();
    }
}
