package dev.slipway.workspace.access;

import dev.slipway.workspace.WorkspaceSettings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Files with the certificates that are to be trusted behind a door: the proxy's authority, and what the machine and the operator trust. */
@Singleton
class Roots {
    private static final Path SYSTEM = Path.of("/etc/ssl/certs/ca-certificates.crt");

    private final WorkspaceSettings settings;

    Roots(WorkspaceSettings settings) {
        this.settings = settings;
    }

    /** A file with the authority and the others; the same for the same authority. */
    Path with(String caPem) {
        try {
            StringBuilder all = new StringBuilder(caPem).append('\n');
            // Where the proxy only tunnels, the host shows its own certificate.
            for (Path file : new Path[] {SYSTEM, Path.of(settings.trustedCaFile())}) {
                if (!file.toString().isEmpty() && Files.isRegularFile(file)) {
                    all.append(Files.readString(file)).append('\n');
                }
            }
            byte[] bytes = all.toString().getBytes(StandardCharsets.UTF_8);
            Path folder = Files.createDirectories(
                    Path.of(settings.cacheFolder()).toAbsolutePath().resolve(".home"));
            Path file = folder.resolve("roots-" + UUID.nameUUIDFromBytes(bytes) + ".pem");
            if (!Files.exists(file)) {
                Path staging = Files.createTempFile(folder, "roots", ".new");
                Files.write(staging, bytes);
                Files.move(staging, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the certificates to trust", e);
        }
    }
}
