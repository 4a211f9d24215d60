package dev.slipway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The scripted model server, on this machine. Its keys are made for the test and known to nobody else, so that where they
 * turn up says who saw them. Runs on Node 20 or newer, or on the one in the sandbox image where there is none.
 */
final class FakeLlm implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    // HTTP/1.1 by its name: the server answers an offer to upgrade as it does to Codex's WebSocket, with 426.
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final String anthropicKey = "canary-anthropic-" + UUID.randomUUID();
    final String openaiKey = "canary-openai-" + UUID.randomUUID();
    final String geminiKey = "canary-gemini-" + UUID.randomUUID();

    private final Process process;
    private final int httpPort;
    private final int httpsPort;
    private final Path certificate;

    private FakeLlm(Path folder) throws IOException {
        List<String> command = new ArrayList<>();
        Path source = Commands.ROOT.resolve("e2e/fake-llm");
        if (hasNode()) {
            command.addAll(List.of("node", source.resolve("server.mjs").toString()));
        } else {
            command.addAll(List.of(
                    "docker",
                    "run",
                    "--rm",
                    "-i",
                    "--network",
                    "host",
                    "--user",
                    "0",
                    "-e",
                    "FAKE_KEY_ANTHROPIC",
                    "-e",
                    "FAKE_KEY_OPENAI",
                    "-e",
                    "FAKE_KEY_GEMINI",
                    "-v",
                    source + ":" + source + ":ro",
                    "-v",
                    folder + ":" + folder,
                    "--entrypoint",
                    "node",
                    "slipway/sandbox:0.1.0",
                    source.resolve("server.mjs").toString()));
        }
        command.addAll(List.of(
                "--port",
                "0",
                "--tls-port",
                "0",
                "--ca-dir",
                folder.resolve("ca").toString(),
                "--placeholder",
                "slipway-placeholder",
                "--delay",
                "2"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "FAKE_KEY_ANTHROPIC",
                        anthropicKey,
                        "FAKE_KEY_OPENAI",
                        openaiKey,
                        "FAKE_KEY_GEMINI",
                        geminiKey));
        process = builder.start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        JsonNode listening = readListening(output);
        httpPort = listening.path("http").asInt();
        httpsPort = listening.path("https").asInt();
        certificate = Path.of(listening.path("ca").asText());
        Path log = folder.resolve("fake-llm.log");
        Thread.ofVirtual().start(() -> {
            try {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    Files.writeString(
                            log,
                            line + "\n",
                            java.nio.file.StandardOpenOption.CREATE,
                            java.nio.file.StandardOpenOption.APPEND);
                }
            } catch (IOException _) {
                // The server has ended.
            }
        });
    }

    static FakeLlm start(Path folder) {
        try {
            return new FakeLlm(folder);
        } catch (IOException e) {
            throw new AssertionError("the scripted model server does not start", e);
        }
    }

    private static JsonNode readListening(BufferedReader output) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.append(line).append('\n');
            if (line.startsWith("{\"listening\"")) {
                return JSON.readTree(line).path("listening");
            }
        }
        throw new AssertionError("the scripted model server ended:\n" + seen);
    }

    private static boolean hasNode() {
        try {
            Process version = new ProcessBuilder("node", "-p", "process.versions.node.split('.')[0]").start();
            String major = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return version.waitFor(10, TimeUnit.SECONDS) && Integer.parseInt(major) >= 20;
        } catch (IOException | NumberFormatException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What the proxy is told: the providers' hosts are this server. */
    Map<String, String> environment() {
        String here = "https://127.0.0.1:" + httpsPort;
        return Map.of(
                "SLIPWAY_UPSTREAMS",
                "api.anthropic.com=" + here + ",api.openai.com=" + here + ",generativelanguage.googleapis.com=" + here,
                "SLIPWAY_TRUSTED_CA_FILE",
                certificate.toString());
    }

    /** Every request since the start, the key's state among them. */
    List<JsonNode> requests() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/__fake/log"))
                    .build();
            List<JsonNode> entries = new ArrayList<>();
            JSON.readTree(HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray())
                            .body())
                    .forEach(entries::add);
            return entries;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
