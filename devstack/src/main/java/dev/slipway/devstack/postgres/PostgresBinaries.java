package dev.slipway.devstack.postgres;

import dev.slipway.devstack.StartFailure;
import dev.slipway.devstack.home.PrivateFiles;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Postgres' programs, unpacked once from the archive on the class path. */
record PostgresBinaries(Path directory) {
    Path program(String name) {
        return directory.resolve("bin").resolve(name);
    }

    /** Unpacks what is missing; a half unpacked folder of a killed start is never used. */
    static PostgresBinaries unpackTo(Path parent) throws IOException {
        String archive = archiveName();
        var resource = PostgresBinaries.class.getResource("/" + archive);
        if (resource == null) {
            throw new StartFailure(
                    "There is no embedded Postgres for this machine (looked for " + archive
                            + ").\nUse a server that exists: ./slipway up --database-url postgres://user:password@host/database");
        }
        // The archive's jar has the version in its name, so another version gets another folder.
        Path target = parent.resolve(
                "programs-" + Integer.toHexString(resource.toString().hashCode()));
        if (Files.isDirectory(target)) {
            return new PostgresBinaries(target);
        }
        PrivateFiles.directory(parent);
        Path draft = Files.createTempDirectory(parent, ".unpacking");
        try (InputStream stream = resource.openStream();
                var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(stream)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, draft);
            }
        }
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        return new PostgresBinaries(target);
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path root) throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("the archive leaves its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, target);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static String archiveName() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        return "postgres-" + system + "-" + machine + ".txz";
    }
}
