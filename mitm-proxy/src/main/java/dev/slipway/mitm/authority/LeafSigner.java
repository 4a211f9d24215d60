package dev.slipway.mitm.authority;

import dev.slipway.mitm.address.HostName;
import io.netty.handler.ssl.util.LazyX509Certificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.jspecify.annotations.Nullable;

/**
 * Signs leaves in the name of one authority. All that is the same in each of them is made once: what is left for a host is its name, a
 * serial number, the time and the signature.
 */
final class LeafSigner {
    private static final Duration CLOCKS_MAY_DIFFER = Duration.ofDays(2);
    private static final int COMMON_NAME_MAX = 64;
    private static final X500Name NAMELESS =
            new X500NameBuilder().addRDN(BCStyle.CN, "Slipway egress").build();
    private static final byte[] VERSION_3 = {(byte) 0xa0, 3, 2, 1, 2};
    private static final byte[] NO_UNUSED_BITS = {0};
    /** ecdsa-with-SHA256, without parameters (RFC 5758, section 3.2). */
    private static final byte[] ALGORITHM = {
        0x30, 0x0a, 0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
    };

    private final CertificateAuthority authority;
    private final byte[] issuer;
    private final byte[] leafKey;
    private final byte[] common;
    private volatile @Nullable Valid valid;

    /** From when until when, encoded; the same for all leaves of an hour. */
    private static final class Valid {
        final Instant from;
        final Duration length;
        final byte[] encoded;

        Valid(Instant from, Duration length) throws IOException {
            this.from = from;
            this.length = length;
            this.encoded = Der.of(
                    Der.SEQUENCE,
                    LeafSigner.encoded(new Time(Date.from(from))),
                    LeafSigner.encoded(new Time(Date.from(from.plus(length)))));
        }
    }

    LeafSigner(CertificateAuthority authority, PublicKey leafKey) throws IOException, GeneralSecurityException {
        this.authority = authority;
        this.issuer = authority.certificate().getSubjectX500Principal().getEncoded();
        this.leafKey = leafKey.getEncoded();
        var identifiers = new JcaX509ExtensionUtils();
        var extensions = new ByteArrayOutputStream();
        for (Extension extension : List.of(
                Extension.create(Extension.basicConstraints, true, new BasicConstraints(false)),
                Extension.create(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
                Extension.create(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)),
                Extension.create(
                        Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(leafKey)),
                Extension.create(
                        Extension.authorityKeyIdentifier,
                        false,
                        identifiers.createAuthorityKeyIdentifier(authority.certificate())))) {
            extensions.writeBytes(encoded(extension));
        }
        this.common = extensions.toByteArray();
    }

    CertificateAuthority authority() {
        return authority;
    }

    /** A certificate for the host, valid from now on. */
    X509Certificate sign(HostName host, Instant now, Duration validity) throws IOException, GeneralSecurityException {
        byte[] unsigned = Der.of(
                Der.SEQUENCE,
                VERSION_3,
                Der.of(Der.INTEGER, Serial.next().toByteArray()),
                ALGORITHM,
                issuer,
                valid(now.truncatedTo(ChronoUnit.HOURS).minus(CLOCKS_MAY_DIFFER), validity),
                encoded(subject(host)),
                leafKey,
                Der.of(Der.EXTENSIONS, Der.of(Der.SEQUENCE, common, encoded(alternativeNames(host)))));
        Signature signature = Signature.getInstance(CertificateAuthority.SIGNATURE);
        signature.initSign(authority.key());
        signature.update(unsigned);
        // Read by clients, hardly ever here: so it is parsed only where somebody asks.
        return new LazyX509Certificate(
                Der.of(Der.SEQUENCE, unsigned, ALGORITHM, Der.of(Der.BIT_STRING, NO_UNUSED_BITS, signature.sign())));
    }

    private byte[] valid(Instant from, Duration length) throws IOException {
        Valid known = valid;
        if (known == null || !known.from.equals(from) || !known.length.equals(length)) {
            known = new Valid(from, length);
            valid = known;
        }
        return known.encoded;
    }

    private static byte[] encoded(ASN1Object part) throws IOException {
        return part.getEncoded(ASN1Encoding.DER);
    }

    /** Names are limited to 64 characters in a common name; the alternative name is what clients read. */
    private static X500Name subject(HostName host) {
        return host.text().length() <= COMMON_NAME_MAX
                ? new X500NameBuilder().addRDN(BCStyle.CN, host.text()).build()
                : NAMELESS;
    }

    private static Extension alternativeNames(HostName host) throws IOException {
        return Extension.create(Extension.subjectAlternativeName, false, new GeneralNames(alternativeName(host)));
    }

    private static GeneralName alternativeName(HostName host) {
        return host.literal()
                .map(address -> new GeneralName(GeneralName.iPAddress, new DEROctetString(address.getAddress())))
                .orElseGet(() -> new GeneralName(GeneralName.dNSName, host.text()));
    }
}
