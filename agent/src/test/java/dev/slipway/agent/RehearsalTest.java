package dev.slipway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sandbox that was made ahead does once what its session will wait for. */
@Timeout(60)
class RehearsalTest {
    @TempDir
    private Path folder;

    private AgentPaths paths;
    private AgentMain agent;

    @BeforeEach
    void start() throws IOException {
        paths = new AgentPaths(folder.resolve("data"), folder.resolve("run"), folder.resolve("warm"));
        Files.createDirectories(paths.agentSocket().getParent());
        agent = AgentMain.start(paths, 0, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void leavesNothingBehind() throws IOException {
        List<Path> before = trainings();

        assertThat(ask("POST /rehearsal", "")).startsWith("HTTP/1.1 200");

        assertThat(ask("GET /session", "")).contains("\"phase\":\"empty\"", "\"lastSeq\":0", "\"head\":\"\"");
        assertThat(paths.workspace()).doesNotExist();
        assertThat(paths.sessionFile()).doesNotExist();
        assertThat(trainings()).isEqualTo(before);
    }

    @Test
    void disturbsNoSession() throws IOException {
        String session = """
                {"sessionId":"s-1","projectId":"p-1","gitUrl":"file:///nowhere","branch":"b",\
                "author":{"name":"n","email":"e"},"agent":{"type":"acp","command":["true"]}}""";
        assertThat(ask("PUT /session", session)).startsWith("HTTP/1.1 202");

        assertThat(ask("POST /rehearsal", "")).startsWith("HTTP/1.1 409").contains("has a session");
    }

    private static List<Path> trainings() throws IOException {
        try (var entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("slipway-train"))
                    .sorted()
                    .toList();
        }
    }

    private String ask(String what, String body) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(paths.agentSocket()))) {
            String request = what + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            channel.shutdownOutput();
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
