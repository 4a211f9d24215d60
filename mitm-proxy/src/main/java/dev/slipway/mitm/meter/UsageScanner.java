package dev.slipway.mitm.meter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON text that arrives in pieces and picks {@code model} and the numbers directly inside {@code usage} or {@code
 * usageMetadata}. Text inside strings cannot be mistaken for either. Anything that is no JSON ends the reading quietly: the body is not
 * ours to judge.
 */
final class UsageScanner {
    private static final JsonFactory JSON = new JsonFactory();
    /** The objects whose numbers count; the names of the numbers inside do not overlap. */
    private static final Set<String> COUNTS =
            Set.of("usage", "usageMetadata", "input_tokens_details", "prompt_tokens_details");

    private static final int DEPTH_MAX = 64;
    private static final int PIECE_MAX = 16 * 1024;
    /** How deep {@code model} may stand: {@code {"message":{"model":…}}}. */
    private static final int MODEL_DEPTH_MAX = 3;

    private final UsageFound found;
    private final Deque<String> names = new ArrayDeque<>();
    private @Nullable JsonParser parser;
    private boolean ended;

    UsageScanner(UsageFound found) {
        this.found = found;
    }

    void feed(ByteBuf piece, int from, int to) {
        for (int at = from; at < to && !ended; at += PIECE_MAX) {
            byte[] bytes = new byte[Math.min(PIECE_MAX, to - at)];
            piece.getBytes(at, bytes);
            try {
                read(bytes);
            } catch (IOException noJson) {
                ended = true;
            }
        }
    }

    private void read(byte[] bytes) throws IOException {
        if (parser == null) {
            parser = JSON.createNonBlockingByteArrayParser();
        }
        ((ByteArrayFeeder) parser.getNonBlockingInputFeeder()).feedInput(bytes, 0, bytes.length);
        JsonToken token = parser.nextToken();
        while (token != null && token != JsonToken.NOT_AVAILABLE && !ended) {
            take(parser, token);
            token = parser.nextToken();
        }
    }

    private void take(JsonParser json, JsonToken token) throws IOException {
        switch (token) {
            case START_OBJECT, START_ARRAY -> {
                String name = json.getParsingContext().getParent().getCurrentName();
                names.push(name == null ? "" : name);
                ended = names.size() > DEPTH_MAX;
            }
            case END_OBJECT, END_ARRAY -> names.pop();
            case VALUE_STRING -> {
                String name = json.currentName();
                if (names.size() <= MODEL_DEPTH_MAX && ("model".equals(name) || "modelVersion".equals(name))) {
                    found.model(json.getText());
                }
            }
            case VALUE_NUMBER_INT -> {
                String within = names.peek();
                String name = json.currentName();
                if (name != null && within != null && COUNTS.contains(within)) {
                    found.number(name, json.getLongValue());
                }
            }
            default -> {}
        }
    }
}
