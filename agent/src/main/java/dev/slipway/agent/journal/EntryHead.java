package dev.slipway.agent.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the data of an entry: enough to know where one is without reading a megabyte of tool output.
 *
 * @param seq from 1, without a gap
 * @param turn the turn that the entry belongs to, or null outside of turns
 */
public record EntryHead(long seq, @Nullable String turn, String kind) {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads a line as {@link Journal} writes it, up to its data.
     *
     * @throws IOException if it is no such line
     */
    static EntryHead parse(byte[] line, int length) throws IOException {
        long seq = -1;
        String turn = null;
        try (JsonParser parser = JSON.createParser(line, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("journal line: no object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "seq" -> seq = parser.getLongValue();
                    case "turn" -> turn = parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText();
                    case "kind" -> {
                        if (seq < 1 || line[length - 1] != '}') {
                            throw new IOException("journal line: cut or without seq");
                        }
                        return new EntryHead(seq, turn, parser.getText());
                    }
                    default -> parser.skipChildren();
                }
            }
        }
        throw new IOException("journal line: no kind");
    }
}
