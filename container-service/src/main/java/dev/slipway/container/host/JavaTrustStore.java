package dev.slipway.container.host;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Java trust stores of certificates in PEM, and keeps the last ones: they are the same for all sandboxes, and making them takes a
 * tenth of a second. A JDK opens the store that it comes with ({@code cacerts}) without a password, which of the two kinds only JKS allows
 * in every release.
 */
final class JavaTrustStore {
    /** The store holds public certificates only; the word is there because the format wants one. */
    private static final String WORD = "changeit";

    private static final Logger LOG = LoggerFactory.getLogger(JavaTrustStore.class);

    private String lastPem = "";
    private Stores last = new Stores(new byte[0], new byte[0]);

    /** The same certificates in both formats. */
    static final class Stores {
        private final byte[] pkcs12;
        private final byte[] jks;

        private Stores(byte[] pkcs12, byte[] jks) {
            this.pkcs12 = pkcs12;
            this.jks = jks;
        }

        byte[] pkcs12() {
            return pkcs12.clone();
        }

        byte[] jks() {
            return jks.clone();
        }
    }

    synchronized Stores of(String pem) throws IOException {
        if (!pem.equals(lastPem)) {
            try {
                Collection<? extends Certificate> certificates = certificates(pem);
                last = new Stores(make("PKCS12", certificates), make("JKS", certificates));
            } catch (GeneralSecurityException e) {
                throw new IOException("cannot make a Java trust store", e);
            }
            lastPem = pem;
        }
        return last;
    }

    private static Collection<? extends Certificate> certificates(String pem) throws CertificateException {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (CertificateException e) {
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("a certificate is malformed; Java in sandboxes trusts none");
            return List.of();
        }
    }

    private static byte[] make(String format, Collection<? extends Certificate> certificates)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(format);
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, WORD.toCharArray());
        return out.toByteArray();
    }
}
