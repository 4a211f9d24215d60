package dev.slipway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A host on this machine, behind TLS and with HTTP/2, that notes which key each request showed, and when. Runs on the Node of the sandbox
 * image, since Java's own server has no HTTP/2.
 */
final class KeyRecorder implements AutoCloseable {
    static final String HOST = "keys.example.com";

    final List<Note> notes = new CopyOnWriteArrayList<>();
    private final Process process;
    private final Path certificate;
    private final int port;

    /**
     * One request.
     *
     * @param at milliseconds since the epoch
     * @param kind {@code fresh}, {@code kept} or {@code streams}, as restless.mjs has them
     * @param shown the header Authorization
     */
    record Note(long at, String kind, String connection, String http, String shown) {
        static Note of(JsonNode line) {
            return new Note(
                    line.path("at").asLong(),
                    line.path("kind").asText(),
                    line.path("connection").asText(),
                    line.path("http").asText(),
                    line.path("shown").asText());
        }
    }

    private KeyRecorder(Path folder) throws IOException, GeneralSecurityException {
        Files.createDirectories(folder);
        certificate = LocalTls.of(folder, "keys", List.of(HOST)).certificate();
        Path script = Commands.ROOT.resolve("e2e/src/test/resources/recorder.mjs");
        List<String> command =
                new ArrayList<>(List.of("docker", "run", "--rm", "-i", "--network", "host", "--user", "0"));
        for (Path seen : List.of(script, folder)) {
            command.addAll(List.of("-v", seen + ":" + seen + ":ro"));
        }
        command.addAll(List.of(
                "--entrypoint",
                "node",
                "slipway/sandbox:0.1.0",
                script.toString(),
                folder.resolve("keys.p12").toString()));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String first = lines.readLine();
        if (first == null || !first.startsWith("{\"port\"")) {
            throw new AssertionError("the recorder does not start: " + first);
        }
        port = Api.JSON.readTree(first).path("port").asInt();
        Thread.ofVirtual().start(() -> read(lines));
    }

    static KeyRecorder start(Path folder) {
        try {
            return new KeyRecorder(folder);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("the recorder does not start", e);
        }
    }

    /** {@code host=url} for {@code SLIPWAY_UPSTREAMS}. */
    String upstream() {
        return HOST + "=https://127.0.0.1:" + port;
    }

    /** The certificate to trust, PEM. */
    Path certificate() {
        return certificate;
    }

    private void read(BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                notes.add(Note.of(Api.JSON.readTree(line)));
            }
        } catch (IOException _) {
            // It has ended.
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
