package dev.slipway.agent;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Uses the program as its first minute will, so that the ahead-of-time cache holds the classes of that minute. */
final class Training {
    private Training() {}

    static void run() throws IOException {
        Path folder = Files.createTempDirectory("slipway-train");
        AgentPaths paths = new AgentPaths(folder.resolve("data"), folder.resolve("run"), folder.resolve("warm"));
        Files.createDirectories(paths.agentSocket().getParent());
        AgentMain agent = AgentMain.start(paths, 0, Clock.systemUTC());
        try {
            ask(paths.agentSocket(), "GET /health HTTP/1.1\r\nHost: agent\r\n\r\n");
            ask(paths.agentSocket(), "GET /session HTTP/1.1\r\nHost: agent\r\n\r\n");
            ask(paths.agentSocket(), "GET /journal?after=0 HTTP/1.1\r\nHost: agent\r\n\r\n");
            String body = """
                    {"sessionId":"train","projectId":"train","gitUrl":"http://127.0.0.1:9/train.git","branch":"train",\
                    "author":{"name":"n","email":"e"},"agent":{"type":"acp","command":["true"]}}""";
            ask(
                    paths.agentSocket(),
                    "PUT /session HTTP/1.1\r\nHost: agent\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            ask(paths.agentSocket(), "GET /session HTTP/1.1\r\nHost: agent\r\n\r\n");
        } finally {
            agent.close();
        }
    }

    private static void ask(Path socket, String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(8192);
            int count = 0;
            while (count >= 0 && answer.hasRemaining()) {
                count = channel.read(answer);
            }
            if (!new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8).startsWith("HTTP/1.1 20")) {
                throw new IOException("training: unexpected answer");
            }
        }
    }
}
