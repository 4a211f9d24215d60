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
     * Reads a line as {@link Journal} writes it, and checks that it is whole.
     *
     * @throws IOException if it is no such line
     */
    static EntryHead parse(byte[] line, int length) throws IOException {
        long seq = -1;
        String turn = null;
        String kind = null;
        try (JsonParser parser = JSON.createParser(line, 0, length)) {
            expect(parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "seq" -> seq = parser.getLongValue();
                    case "turn" -> turn = parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText();
                    case "kind" -> kind = parser.getText();
                    // Read over and not into memory, but read: a torn write may well have a good beginning.
                    default -> parser.skipChildren();
                }
            }
            expect(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null);
        }
        expect(seq > 0);
        if (kind == null) {
            throw new IOException("journal line: no kind");
        }
        return new EntryHead(seq, turn, kind);
    }

    private static void expect(boolean whole) throws IOException {
        if (!whole) {
            throw new IOException("journal line: cut or damaged");
        }
    }
}
