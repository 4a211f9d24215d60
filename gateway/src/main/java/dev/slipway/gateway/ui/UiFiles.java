package dev.slipway.gateway.ui;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the user interface's files. Reads them each time: the folder is small, and the system caches it. Blocks. */
@Singleton
class UiFiles {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("txt", "text/plain; charset=utf-8"));
    private static final List<Map.Entry<String, String>> CODINGS =
            List.of(Map.entry("br", ".br"), Map.entry("gzip", ".gz"));

    private final @Nullable Path folder;

    UiFiles(UiSettings settings) {
        this.folder = settings.dir().isBlank()
                ? null
                : Path.of(settings.dir()).toAbsolutePath().normalize();
    }

    /**
     * What to send for a path. A page's path, which has no dot in its last segment, gets the index: the pages are made in
     * the browser. A missing file stays missing, so that an old tab notices that its assets are gone.
     */
    Optional<UiFile> find(String path, String acceptEncoding) throws IOException {
        if (folder == null) {
            return Optional.empty();
        }
        String name = URLDecoder.decode(path.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
        boolean page = !name.substring(name.lastIndexOf('/') + 1).contains(".") && !name.startsWith("assets/");
        Path file;
        try {
            file = folder.resolve(page ? "index.html" : name).normalize();
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
        // A link could lead out of the folder; only what really lies in it is sent.
        if (!file.startsWith(folder)
                || !Files.isRegularFile(file)
                || !file.toRealPath().startsWith(folder.toRealPath())) {
            return Optional.empty();
        }
        return Optional.of(read(file, name.startsWith("assets/"), acceptEncoding.toLowerCase(Locale.ROOT)));
    }

    private static UiFile read(Path file, boolean immutable, String accepted) throws IOException {
        String fileName = file.getFileName().toString();
        String type = TYPES.getOrDefault(fileName.substring(fileName.lastIndexOf('.') + 1), "application/octet-stream");
        for (Map.Entry<String, String> coding : CODINGS) {
            Path compressed = file.resolveSibling(fileName + coding.getValue());
            if (accepted.contains(coding.getKey()) && Files.isRegularFile(compressed)) {
                byte[] bytes = Files.readAllBytes(compressed);
                return new UiFile(bytes, type, coding.getKey(), etag(bytes), immutable);
            }
        }
        byte[] bytes = Files.readAllBytes(file);
        return new UiFile(bytes, type, null, etag(bytes), immutable);
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "\"" + HexFormat.of().formatHex(hash, 0, 16) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: in every Java runtime)", e);
        }
    }
}
