package dev.slipway.session.store;

import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** JSON as text: what is kept in columns and sent in frames. Trees keep the order of their fields. */
@Singleton
public class Json {
    private static final Argument<Map<String, Object>> OBJECT = Argument.mapOf(String.class, Object.class);
    private static final Argument<List<Map<String, Object>>> OBJECTS = Argument.listOf(OBJECT);

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
        return read(text, OBJECT);
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
