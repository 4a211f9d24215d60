package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A UI message stream as its reader sees it: frames with an id and a chunk, until {@code [DONE]}. */
final class ChatStream implements AutoCloseable {
    /** One frame; {@code data} is kept as it came, so that two readers can be compared byte by byte. */
    record Frame(@Nullable String id, String data) {
        JsonNode chunk() {
            try {
                return Api.JSON.readTree(data);
            } catch (IOException e) {
                throw new UncheckedIOException(data, e);
            }
        }
    }

    private final BufferedReader lines;
    private boolean done;

    private ChatStream(BufferedReader lines) {
        this.lines = lines;
    }

    static ChatStream of(HttpResponse<InputStream> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        assertThat(response.headers().firstValue("x-vercel-ai-ui-message-stream"))
                .contains("v1");
        return new ChatStream(new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
    }

    /** The next frame, or null after {@code [DONE]}. Fails when the stream breaks off before. */
    @Nullable
    Frame next() throws IOException {
        String id = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.equals("data: [DONE]")) {
                done = true;
                return null;
            } else if (line.startsWith("data:")) {
                return new Frame(id, line.substring(5).strip());
            }
        }
        throw new IOException("the stream ended without [DONE]");
    }

    /** All frames to the end. */
    List<Frame> rest() {
        List<Frame> frames = new ArrayList<>();
        try {
            for (Frame frame = next(); frame != null; frame = next()) {
                frames.add(frame);
            }
            return frames;
        } catch (IOException e) {
            throw new AssertionError(
                    "after " + frames.size() + " frames, the last: "
                            + (frames.isEmpty() ? "none" : frames.getLast().data()),
                    e);
        }
    }

    boolean isDone() {
        return done;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
