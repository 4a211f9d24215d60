package dev.slipway.agent;

import dev.slipway.agent.git.Checkout;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * Uses the program as its first minute will, in a folder of its own: a repository is cloned, an agent is started and has a
 * conversation, and all that is asked on the way is answered. The image's build does so, that the ahead-of-time cache holds the
 * classes of that minute; and a sandbox that was made ahead, since what a program does for the first time takes it many times as long.
 */
final class Training {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private static final String REPOSITORY =
            "git init -q -b train . && git -c user.name=n -c user.email=e commit -q --allow-empty -m train";

    /** Answers the two questions that come before a conversation. */
    private static final String AGENT = """
            while read -r line; do
              id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
              case $line in
                *'"initialize"'*) result='{"protocolVersion":1,"agentCapabilities":{},"authMethods":[]}' ;;
                *'"session/new"'*) result='{"sessionId":"train"}' ;;
                *) result='{}' ;;
              esac
              [ -z "$id" ] || printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$result"
            done
            """;

    private Training() {}

    static void run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("slipway-train");
        try {
            runIn(folder);
        } finally {
            Checkout.deleteTree(folder);
        }
    }

    private static void runIn(Path folder) throws IOException, InterruptedException {
        Path repository = Files.createDirectory(folder.resolve("repository"));
        sh(repository, REPOSITORY);
        Path script = Files.writeString(folder.resolve("agent.sh"), AGENT);
        AgentPaths paths = new AgentPaths(folder.resolve("data"), folder.resolve("run"), folder.resolve("warm"));
        Files.createDirectories(paths.agentSocket().getParent());
        AgentMain agent = AgentMain.start(paths, 0, Clock.systemUTC());
        try {
            get(paths, "/health");
            get(paths, "/session");
            String body = """
                    {"sessionId":"train","projectId":"train","gitUrl":"file://%s","branch":"train",\
                    "author":{"name":"n","email":"e"},"agent":{"type":"acp","command":["sh","%s"]}}""".formatted(repository, script);
            ask(paths, "PUT /session HTTP/1.1\r\nHost: agent\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            awaitReady(paths);
            for (String path : new String[] {"/hooks/status", "/activity", "/files", "/diff", "/journal?after=0"}) {
                get(paths, path);
            }
        } finally {
            agent.close();
        }
    }

    private static void awaitReady(AgentPaths paths) throws IOException, InterruptedException {
        long until = System.nanoTime() + READY_WITHIN.toNanos();
        String status = get(paths, "/session");
        while (!status.contains("\"phase\":\"ready\"")) {
            if (System.nanoTime() > until) {
                throw new IOException("training: the agent is not ready: " + status);
            }
            Thread.sleep(LOOK_EVERY);
            status = get(paths, "/session");
        }
    }

    private static void sh(Path folder, String command) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("training: " + command + " ended with " + exit);
        }
    }

    private static String get(AgentPaths paths, String target) throws IOException {
        return ask(paths, "GET " + target + " HTTP/1.1\r\nHost: agent\r\n\r\n");
    }

    private static String ask(AgentPaths paths, String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(paths.agentSocket()))) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(64 * 1024);
            int count = 0;
            while (count >= 0 && answer.hasRemaining()) {
                count = channel.read(answer);
            }
            String text = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
            if (!text.startsWith("HTTP/1.1 20")) {
                throw new IOException("training: unexpected answer to "
                        + request.lines().findFirst().orElse(""));
            }
            return text;
        }
    }
}
