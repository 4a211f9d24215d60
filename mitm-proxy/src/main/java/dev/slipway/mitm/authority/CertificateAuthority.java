package dev.slipway.mitm.authority;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The authority that signs what sandboxes see instead of a server's own certificate: ECDSA on P-256, valid ten years, not allowed to
 * make further authorities. Its key is readable by the proxy's user alone and leaves the machine never. {@link Authorities} says which one
 * signs.
 */
public final class CertificateAuthority {
    static final String SIGNATURE = "SHA256withECDSA";
    static final Duration CLOCKS_MAY_DIFFER = Duration.ofDays(1);
    private static final Duration VALIDITY = Duration.ofDays(3_650);

    private final X509Certificate certificate;
    private final PrivateKey key;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * Reads the authority from the folder, or makes it there if there is none. Two processes that start at once agree on one.
     *
     * @throws UncheckedIOException if the folder cannot be used, or holds half an authority
     */
    public static CertificateAuthority in(Path folder, Clock clock) {
        return Authorities.in(folder, clock, Authorities.Schedule.NEVER).signing();
    }

    /** The authority's certificate, which sandboxes are to trust. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** The same as PEM text. */
    public String certificatePem() {
        return Pem.of(certificate);
    }

    /** When it was made. */
    public Instant madeAt() {
        return certificate.getNotBefore().toInstant().plus(CLOCKS_MAY_DIFFER);
    }

    PrivateKey key() {
        return key;
    }

    static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    static CertificateAuthority read(Path keyFile, Path certificateFile) throws IOException, GeneralSecurityException {
        return new CertificateAuthority(
                Pem.certificate(Files.readString(certificateFile)), Pem.key(Files.readString(keyFile)));
    }

    /** Makes one; the certificate is written last, so that a key without one is the rest of an attempt that a crash cut short. */
    static CertificateAuthority make(Path keyFile, Path certificateFile, Instant now)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyPair pair = newKey();
        X509Certificate certificate = selfSigned(pair.getPublic(), pair.getPrivate(), now);
        PrivateFiles.write(keyFile, Pem.of(pair.getPrivate()), "rw-------");
        PrivateFiles.write(certificateFile, Pem.of(certificate), "rw-r--r--");
        return new CertificateAuthority(certificate, pair.getPrivate());
    }

    private static X509Certificate selfSigned(PublicKey publicKey, PrivateKey key, Instant now)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        X500Name name =
                new X500Name("CN=Slipway egress " + Serial.next().toString(16).substring(0, 8) + ",O=Slipway");
        var identifiers = new JcaX509ExtensionUtils();
        var builder = new JcaX509v3CertificateBuilder(
                        name,
                        Serial.next(),
                        Date.from(now.minus(CLOCKS_MAY_DIFFER)),
                        Date.from(now.plus(VALIDITY)),
                        name,
                        publicKey)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(publicKey));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    }
}
