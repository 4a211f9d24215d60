package dev.slipway.container.host;

import dev.slipway.container.runtime.SandboxName;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The certificates that a sandbox trusts: {@code ca.pem} is the authority of mitm-proxy alone (with its successor or predecessor while
 * they overlap), {@code bundle.pem} that one
 * after the roots of this host, which the image's own bundle is a link to; {@code cacerts} is the same as the key store of Debian's
 * JDKs, and {@code truststore.p12} for those that bring a store of their own and are told of this one.
 */
@Singleton
public final class TrustBundle {
    private static final List<String> SYSTEM_ROOTS = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem");

    private final SessionDirectories directories;
    private final String rootsFile;
    private final JavaTrustStore javaStores = new JavaTrustStore();

    /** @param rootsFile PEM file of the roots to use instead of this host's; empty for those */
    TrustBundle(SessionDirectories directories, @Value("${slipway.sandboxes.roots-file:}") String rootsFile) {
        this.directories = directories;
        this.rootsFile = rootsFile;
    }

    /** Writes the files, each by a rename, so that nobody in the sandbox sees half of one. */
    public void write(SandboxName name, String authorityPem) throws IOException {
        Path directory = directories.authority(name);
        String authority = authorityPem.strip() + "\n";
        String bundle = roots().strip() + "\n" + authority;
        replace(directory.resolve("bundle.pem"), bundle.getBytes(StandardCharsets.ISO_8859_1));
        JavaTrustStore.Stores java = javaStores.of(bundle);
        replace(directory.resolve("truststore.p12"), java.pkcs12());
        replace(directory.resolve("cacerts"), java.jks());
        // Last: by this one it is known that the others are written.
        replace(directory.resolve("ca.pem"), authority.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Writes them again if the authorities are others than the sandbox has; says whether they were. */
    public boolean renew(SandboxName name, String authorityPem) throws IOException {
        Path present = directories.authority(name).resolve("ca.pem");
        if (!Files.exists(present)
                || Files.readString(present, StandardCharsets.ISO_8859_1)
                        .strip()
                        .equals(authorityPem.strip())) {
            return false;
        }
        write(name, authorityPem);
        return true;
    }

    private String roots() throws IOException {
        if (!rootsFile.isBlank()) {
            return Files.readString(Path.of(rootsFile));
        }
        for (String file : SYSTEM_ROOTS) {
            Path path = Path.of(file);
            if (Files.isReadable(path) && Files.size(path) > 0) {
                return Files.readString(path, StandardCharsets.ISO_8859_1);
            }
        }
        return rootsOfThisJdk();
    }

    private static String rootsOfThisJdk() throws IOException {
        StringBuilder pem = new StringBuilder();
        Base64.Encoder base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager trust) {
                    for (X509Certificate root : trust.getAcceptedIssuers()) {
                        pem.append("-----BEGIN CERTIFICATE-----\n")
                                .append(base64.encodeToString(root.getEncoded()))
                                .append("\n-----END CERTIFICATE-----\n");
                    }
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read the roots of this JDK", e);
        }
        return pem.toString();
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path fresh = Files.createTempFile(file.getParent(), "fresh", ".new");
        Files.write(fresh, content);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
