package dev.slipway.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events (WHATWG HTML, section 9.2) one by one. */
final class ServerSentEvents implements AutoCloseable {
    private final BufferedReader reader;
    private @Nullable String lastId;

    ServerSentEvents(InputStream stream) {
        this.reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /** One event. */
    record Event(String name, String data, @Nullable String id) {}

    /** The next event; null when the stream has ended. */
    @Nullable
    Event next() throws IOException {
        StringBuilder data = new StringBuilder();
        String name = "message";
        boolean any = false;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.isEmpty()) {
                if (any) {
                    return new Event(name, data.toString(), lastId);
                }
                name = "message";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "data" -> {
                    data.append(any ? "\n" : "").append(value);
                    any = true;
                }
                case "event" -> name = value;
                case "id" -> lastId = value;
                default -> {
                    // A comment, or a field that is not ours to know.
                }
            }
        }
        return null;
    }

    /** The id of the last event, from which a new stream can go on. */
    @Nullable
    String lastId() {
        return lastId;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
