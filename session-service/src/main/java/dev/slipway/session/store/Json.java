package dev.slipway.session.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as text: what is kept in columns and sent in frames. Trees keep the order of their fields. */
@Singleton
public class Json {
    private static final Argument<List<Map<String, Object>>> OBJECTS =
            Argument.listOf(Argument.mapOf(String.class, Object.class));
    private static final JsonFactory PARSERS = new JsonFactory();

    private final ObjectMapper mapper;

    Json(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Writes a value on one line. */
    public String write(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write JSON of " + value.getClass().getName(), e);
        }
    }

    /** Reads an object as a tree. */
    public Map<String, Object> object(String text) {
        return parts(text).values();
    }

    /**
     * The fields of an object, and the text of each that is an object itself.
     *
     * @param texts as they stand in what was read, so that they need not be written anew to be kept
     */
    public record Parts(Map<String, Object> values, Map<String, String> texts) {}

    /**
     * Reads an object as a tree, with the texts of what is in it. By hand: each word that an agent says passes here, and a mapper that is
     * told of no type costs several times as much.
     */
    public Parts parts(String text) {
        try (JsonParser parser = PARSERS.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException(parser.currentToken() + " (expected: an object)");
            }
            Map<String, Object> values = new LinkedHashMap<>();
            Map<String, String> texts = new LinkedHashMap<>();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                int begin = (int) parser.currentTokenLocation().getCharOffset();
                values.put(name, value(parser, token));
                if (token == JsonToken.START_OBJECT) {
                    int end = (int) parser.currentLocation().getCharOffset();
                    texts.put(name, text.substring(begin, end));
                }
            }
            return new Parts(values, texts);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read an object from JSON", e);
        }
    }

    private static @Nullable Object value(JsonParser parser, @Nullable JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    object.put(name, value(parser, parser.nextToken()));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    list.add(value(parser, next));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IOException(token + " (expected: a value)");
        };
    }

    /** Reads a list of objects as trees. */
    public List<Map<String, Object>> objects(String text) {
        return read(text, OBJECTS);
    }

    /** Reads a value of this type. */
    public <T> T read(String text, Argument<T> type) {
        try {
            T value = mapper.readValue(text, type);
            if (value == null) {
                throw new IOException("null (expected: a value)");
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + type.getTypeName() + " from JSON", e);
        }
    }
}
