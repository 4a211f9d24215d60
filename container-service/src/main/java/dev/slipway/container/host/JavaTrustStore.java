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
 * Makes a Java trust store (PKCS #12) of certificates in PEM, and keeps the last one: it is the same for all sandboxes, and making
 * it takes a tenth of a second.
 */
final class JavaTrustStore {
    /** The store holds public certificates only; the word is there because the format wants one. */
    private static final String WORD = "changeit";

    private static final Logger LOG = LoggerFactory.getLogger(JavaTrustStore.class);

    private String lastPem = "";
    private byte[] last = new byte[0];

    synchronized byte[] of(String pem) throws IOException {
        if (!pem.equals(lastPem)) {
            try {
                last = make(certificates(pem));
            } catch (GeneralSecurityException e) {
                throw new IOException("cannot make a Java trust store", e);
            }
            lastPem = pem;
        }
        return last.clone();
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

    private static byte[] make(Collection<? extends Certificate> certificates)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
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
