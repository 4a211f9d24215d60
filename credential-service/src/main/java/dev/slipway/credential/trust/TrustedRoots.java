package dev.slipway.credential.trust;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The platform's roots, and those of a file. */
public final class TrustedRoots {
    private TrustedRoots() {}

    /**
     * A context that trusts the platform's roots and those in the PEM file; the platform's own if none is named.
     *
     * @param setting where the file is named, for the message
     */
    public static SSLContext with(String setting, String file) {
        try {
            if (file.isBlank()) {
                return SSLContext.getDefault();
            }
            KeyStore store = platform();
            int number = 0;
            try (InputStream pem = Files.newInputStream(Path.of(file))) {
                for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                    store.setCertificateEntry("slipway-" + number++, root);
                }
            }
            if (number == 0) {
                throw new IllegalArgumentException(
                        setting + ": " + file + " holds no certificate (expected: PEM certificates)");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    setting + ": " + file + " cannot be used (expected: PEM certificates)", e);
        }
    }

    private static KeyStore platform() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        Path roots = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
        try (InputStream in = new FileInputStream(roots.toFile())) {
            store.load(in, null);
        }
        return store;
    }
}
