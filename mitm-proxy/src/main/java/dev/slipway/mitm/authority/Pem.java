package dev.slipway.mitm.authority;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/** Certificates and keys as text (RFC 7468). */
public final class Pem {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private Pem() {}

    static String of(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException unencodable) {
            throw new IllegalArgumentException("certificate: cannot be encoded", unencodable);
        }
    }

    static String of(Key key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    static X509Certificate certificate(String text) throws GeneralSecurityException {
        return certificates(text.getBytes(StandardCharsets.US_ASCII)).getFirst();
    }

    /** All certificates of a bundle; text between them is skipped. */
    static List<X509Certificate> certificates(byte[] bundle) throws GeneralSecurityException {
        Collection<?> found =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bundle));
        List<X509Certificate> certificates =
                found.stream().map(X509Certificate.class::cast).toList();
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("no certificate (expected: at least one in PEM)");
        }
        return certificates;
    }

    static PrivateKey key(String text) throws GeneralSecurityException {
        String body = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    }

    private static String block(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + LINES.encodeToString(der) + "\n-----END " + kind + "-----\n";
    }
}
