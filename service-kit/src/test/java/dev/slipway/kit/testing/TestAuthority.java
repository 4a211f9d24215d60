package dev.slipway.kit.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A certificate authority of a test's own, with one certificate for {@code localhost} that it signed, by the JDK's keytool. */
public final class TestAuthority {
    private static final String PASSWORD = "not secret";

    private final Path folder;
    private final KeyStore store;

    private TestAuthority(Path folder, KeyStore store) {
        this.folder = folder;
        this.store = store;
    }

    /** A new one, which nobody else believes. */
    public static TestAuthority make() {
        try {
            Path folder = Files.createTempDirectory("slipway-authority");
            Path file = folder.resolve("all.p12");
            keytool(file, "-alias", "ca", "-dname", "CN=Authority " + folder.getFileName(), "-ext", "bc:c");
            keytool(
                    file,
                    "-alias",
                    "own",
                    "-dname",
                    "CN=service",
                    "-signer",
                    "ca",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-ext",
                    "eku=serverAuth,clientAuth");
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD.toCharArray());
            }
            return new TestAuthority(folder, store);
        } catch (IOException | InterruptedException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Settings of a service that shows this authority's certificate and believes this authority. */
    public Map<String, String> internalTls() {
        return Map.of(
                "slipway.internal.tls.enabled", "true",
                "slipway.internal.tls.certificate", certificate().toString(),
                "slipway.internal.tls.key", key().toString(),
                "slipway.internal.tls.authorities", authorities().toString());
    }

    /** PEM: the certificate for {@code localhost}. */
    public Path certificate() {
        return pem("own.pem", "CERTIFICATE", encoded("own"));
    }

    /** PEM: its private key. */
    public Path key() {
        try {
            return pem(
                    "own-key.pem",
                    "PRIVATE KEY",
                    store.getKey("own", PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** PEM: the authority's own certificate. */
    public Path authorities() {
        return pem("ca.pem", "CERTIFICATE", encoded("ca"));
    }

    private byte[] encoded(String alias) {
        try {
            Certificate certificate = store.getCertificate(alias);
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path pem(String name, String type, byte[] encoded) {
        String text = "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END " + type
                + "-----\n";
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(Path store, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool: " + said);
        }
    }
}
