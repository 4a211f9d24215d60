package dev.slipway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who wants to see one turn from its first frame to its last, whatever happens. It says the message until it has seen a
 * frame, then comes back with the last id that it saw. It is a {@code curl} of its own, and now and then somebody kills it or it leaves.
 */
final class ChaosViewer {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration AGAIN = Duration.ofMillis(200);

    /** Who watches: somebody who stays, somebody who leaves now and then, a process that is killed now and then. */
    enum Kind {
        STAYS,
        LEAVES,
        IS_KILLED
    }

    static final List<Kind> KINDS = List.of(Kind.values());

    /** All that a viewer saw of a turn: frames as they came. */
    record Seen(String session, String message, List<ChatStream.Frame> frames) {
        boolean isOver() {
            return !frames.isEmpty() && endsATurn(frames.getLast());
        }

        String text() {
            StringBuilder text = new StringBuilder();
            for (ChatStream.Frame frame : frames) {
                JsonNode chunk = frame.chunk();
                if (chunk.path("type").asText().equals("text-delta")) {
                    text.append(chunk.path("delta").asText());
                }
            }
            return text.toString();
        }

        String turnId() {
            String id = frames.isEmpty() ? "" : String.valueOf(frames.getFirst().id());
            return id.substring(0, Math.max(0, id.lastIndexOf(':')));
        }

        String answer() {
            return frames.isEmpty()
                    ? "none"
                    : frames.getFirst().chunk().path("messageId").asText();
        }

        String ending() {
            return isOver() ? frames.getLast().chunk().path("type").asText() : "none";
        }
    }

    private final String url;
    private final String session;
    private final String message;
    private final String prompt;
    private final Kind kind;
    private final ChaosFigures figures;
    private final List<ChatStream.Frame> frames = new ArrayList<>();
    private long lostSince;

    ChaosViewer(String url, String session, String message, String prompt, Kind kind, ChaosFigures figures) {
        this.url = url;
        this.session = session;
        this.message = message;
        this.prompt = prompt;
        this.kind = kind;
        this.figures = figures;
    }

    Seen watch() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && !(!frames.isEmpty() && endsATurn(frames.getLast()))) {
            connect();
            if (lostSince == 0) {
                lostSince = System.nanoTime();
            }
            Thread.sleep(AGAIN);
        }
        return new Seen(session, message, List.copyOf(frames));
    }

    /** One connection, to its end or to ours. */
    private void connect() throws IOException, InterruptedException {
        Process client = new ProcessBuilder(request())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean leaving = kind != Kind.STAYS && ThreadLocalRandom.current().nextInt(4) == 0;
        int framesLeft = leaving ? 1 + ThreadLocalRandom.current().nextInt(30) : Integer.MAX_VALUE;
        try (BufferedReader lines = client.inputReader(StandardCharsets.UTF_8)) {
            String id = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id:")) {
                    id = line.substring(3).strip();
                } else if (line.startsWith("data:") && id != null && !line.equals("data: [DONE]")) {
                    saw(new ChatStream.Frame(id, line.substring(5).strip()));
                    if (--framesLeft == 0) {
                        figures.clientWentAway(kind);
                        return;
                    }
                }
            }
        } catch (IOException _) {
            // The connection went; the loop comes back.
        } finally {
            if (kind == Kind.IS_KILLED) {
                client.destroyForcibly();
            } else {
                client.destroy();
            }
            client.waitFor();
        }
    }

    private void saw(ChatStream.Frame frame) {
        frames.add(frame);
        if (lostSince != 0) {
            figures.viewerWasBack(Duration.ofNanos(System.nanoTime() - lostSince));
            lostSince = 0;
        }
    }

    private List<String> request() throws IOException {
        List<String> curl = new ArrayList<>(
                List.of("curl", "-sN", "--connect-timeout", "3", "--speed-time", "30", "--speed-limit", "1"));
        curl.addAll(List.of("-H", "Accept: text/event-stream"));
        String last = lastId();
        if (last == null) {
            Map<String, Object> said = Map.of(
                    "id",
                    session,
                    "message",
                    Map.of("id", message, "role", "user", "parts", List.of(Map.of("type", "text", "text", prompt))));
            curl.addAll(List.of("-H", "Content-Type: application/json", "-d", Api.JSON.writeValueAsString(said)));
            curl.add(url + "/api/projects/local/chat");
        } else {
            curl.addAll(List.of("-H", "Last-Event-ID: " + last));
            curl.add(url + "/api/projects/local/chat/" + session + "/stream");
        }
        return curl;
    }

    private @Nullable String lastId() {
        return frames.isEmpty() ? null : frames.getLast().id();
    }

    private static boolean endsATurn(ChatStream.Frame frame) {
        String type = frame.chunk().path("type").asText();
        return type.equals("finish") || type.equals("abort") || type.equals("error");
    }
}
