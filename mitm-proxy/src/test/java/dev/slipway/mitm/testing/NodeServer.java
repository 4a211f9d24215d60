package dev.slipway.mitm.testing;

import dev.slipway.mitm.authority.TestOriginCertificates;
import java.io.BufferedReader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A server that runs in node, on loopback. */
public final class NodeServer implements AutoCloseable {
    private final Process process;
    private final int port;

    private NodeServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Speaks HTTP/2 over TLS as this host, with so many streams at once; HTTP/1.1 too if {@code alsoHttp1}. */
    public static NodeServer http2(Path folder, String host, int streams, boolean alsoHttp1) throws Exception {
        TestOriginCertificates.Files files = new TestOriginCertificates(folder).filesOf(folder, host);
        Process process = new ProcessBuilder(
                        "node",
                        Programs.resource(folder, "/http2/server.js").toString(),
                        files.key().toString(),
                        files.chain().toString(),
                        String.valueOf(streams),
                        alsoHttp1 ? "h1" : "")
                .redirectError(folder.resolve("server.log").toFile())
                .start();
        BufferedReader output = process.inputReader();
        @Nullable String line = output.readLine();
        if (line == null) {
            throw new AssertionError(
                    "no port from node: " + java.nio.file.Files.readString(folder.resolve("server.log")));
        }
        return new NodeServer(process, Integer.parseInt(line));
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
