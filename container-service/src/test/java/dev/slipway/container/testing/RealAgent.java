package dev.slipway.container.testing;

import dev.slipway.agent.AgentMain;
import dev.slipway.agent.AgentPaths;
import dev.slipway.container.host.SessionDirectories;
import dev.slipway.container.runtime.SandboxName;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** A sandbox's real agent without the sandbox: in this process, with its socket where the service looks for it. */
public final class RealAgent {
    /** Where its session's files are. */
    public final Path workspace;

    private final AgentMain agent;

    private RealAgent(Path workspace, AgentMain agent) {
        this.workspace = workspace;
        this.agent = agent;
    }

    /** One for a session whose repository has {@code README.md} and what {@code files} brings; its row says that it is ready. */
    public static RealAgent start(ServiceUnderTest service, String session, Path folder, Path files)
            throws IOException, InterruptedException {
        SandboxName name = new SandboxName(session);
        service.bean(SessionDirectories.class).prepare(name);
        Path run = service.runDir().resolve(name.hash());
        AgentPaths paths = new AgentPaths(folder.resolve("data"), run, folder.resolve("warm"));
        Files.writeString(files.resolve("README.md"), "hello\n");
        sh(files, "git init -q -b main . && git add -A && git -c user.name=T -c user.email=t@t commit -q -m first");
        AgentMain agent = AgentMain.start(paths, 0, Clock.systemUTC());
        RealAgent started = new RealAgent(paths.workspace(), agent);
        configure(paths.agentSocket(), session, files);
        while (!Files.isDirectory(paths.workspace())) {
            Thread.sleep(50);
        }
        service.execute("""
                INSERT INTO sandbox (session_id, project_id, workspace_id, generation, desired, spec, state, container_id,
                    image, image_digest)
                VALUES ('%s', '%s', 'w1', 1, 'RUNNING', '{}', 'ready', 'c1', 'i1', 'd1')
                """.formatted(session, ServiceUnderTest.PROJECT));
        return started;
    }

    private static void configure(Path socket, String session, Path repository) throws IOException {
        String body = """
                {"sessionId":"%s","projectId":"p1","gitUrl":"file://%s","branch":"main","baseCommit":"",\
                "author":{"name":"Ana","email":"ana@example.com"},"agent":{"type":"acp","command":["true"]}}\
                """.formatted(session, repository);
        String request = "PUT /session HTTP/1.1\r\nHost: agent\r\nConnection: close\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            channel.read(answer);
            String head = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
            if (!head.startsWith("HTTP/1.1 202")) {
                throw new IOException(head);
            }
        }
    }

    private static void sh(Path folder, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(command);
        }
    }

    /** Ends it. */
    public void stop() {
        agent.close();
    }
}
