package dev.slipway.mitm.sandbox;

import dev.slipway.mitm.testing.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Git's own smart HTTP server behind a scripted one: each request runs {@code git http-backend}. */
final class GitServer {
    private GitServer() {}

    /** A bare repository with one commit of one file. */
    static Path repository(Path folder) throws IOException, InterruptedException {
        Path work = Files.createDirectories(folder.resolve("work"));
        Files.writeString(work.resolve("README"), "cloned through the proxy\n");
        git(work, "init", "-q", "-b", "main");
        git(work, "add", "README");
        git(work, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "one");
        git(folder, "clone", "-q", "--bare", "work", "project.git");
        return folder;
    }

    /** Answers for the repositories below {@code root}; asks for this Authorization. */
    static Origin.Script serving(Path root, String authorization) {
        return (head, in, out) -> {
            byte[] body = Origin.drainBody(head, in);
            if (!authorization.equals(head.header("Authorization"))) {
                out.write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return true;
            }
            backend(root, head, body, out);
            return false;
        };
    }

    private static void backend(Path root, Origin.Head head, byte[] body, OutputStream out) throws IOException {
        String target = head.target();
        int query = target.indexOf('?');
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
        Map<String, String> environment = builder.environment();
        environment.put("GIT_PROJECT_ROOT", root.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("REQUEST_METHOD", head.line().substring(0, head.line().indexOf(' ')));
        environment.put("PATH_INFO", query < 0 ? target : target.substring(0, query));
        environment.put("QUERY_STRING", query < 0 ? "" : target.substring(query + 1));
        environment.put("CONTENT_TYPE", text(head.header("Content-Type")));
        environment.put("CONTENT_LENGTH", Integer.toString(body.length));
        environment.put("HTTP_CONTENT_ENCODING", text(head.header("Content-Encoding")));
        environment.put("GIT_PROTOCOL", text(head.header("Git-Protocol")));
        Process backend = builder.start();
        try (OutputStream to = backend.getOutputStream()) {
            to.write(body);
        }
        try (InputStream from = backend.getInputStream()) {
            out.write("HTTP/1.1 200 OK\r\nConnection: close\r\n".getBytes(StandardCharsets.US_ASCII));
            from.transferTo(out);
        }
        out.flush();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static void git(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("git: " + output);
        }
    }
}
