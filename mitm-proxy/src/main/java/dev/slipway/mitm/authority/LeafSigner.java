package dev.slipway.mitm.authority;

import dev.slipway.mitm.address.HostName;
import io.netty.handler.ssl.util.LazyX509Certificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/**
 * Signs leaves in the name of one authority. All that is the same in each of them is made once: what is left for a host is its name, a
 * serial number, the time and the signature.
 */
final class LeafSigner {
    private static final Duration CLOCKS_MAY_DIFFER = Duration.ofDays(2);
    private static final int COMMON_NAME_MAX = 64;
    private static final X500Name NAMELESS =
            new X500NameBuilder().addRDN(BCStyle.CN, "Slipway egress").build();
    private static final AlgorithmIdentifier ALGORITHM = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    private final CertificateAuthority authority;
    private final X500Name issuer;
    private final SubjectPublicKeyInfo leafKey;
    private final Extension[] common;

    LeafSigner(CertificateAuthority authority, PublicKey leafKey) throws IOException, GeneralSecurityException {
        this.authority = authority;
        this.issuer = X500Name.getInstance(
                authority.certificate().getSubjectX500Principal().getEncoded());
        this.leafKey = SubjectPublicKeyInfo.getInstance(leafKey.getEncoded());
        var identifiers = new JcaX509ExtensionUtils();
        this.common = new Extension[] {
            Extension.create(Extension.basicConstraints, true, new BasicConstraints(false)),
            Extension.create(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
            Extension.create(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)),
            Extension.create(
                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(this.leafKey)),
            Extension.create(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(authority.certificate()))
        };
    }

    CertificateAuthority authority() {
        return authority;
    }

    /** A certificate for the host, valid from now on. */
    X509Certificate sign(HostName host, Instant now, Duration validity) throws IOException, GeneralSecurityException {
        Instant from = now.minus(CLOCKS_MAY_DIFFER);
        var generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(Serial.next()));
        generator.setIssuer(issuer);
        generator.setSubject(subject(host));
        generator.setStartDate(new Time(Date.from(from)));
        generator.setEndDate(new Time(Date.from(from.plus(validity))));
        generator.setSubjectPublicKeyInfo(leafKey);
        generator.setSignature(ALGORITHM);
        generator.setExtensions(extensions(host));
        TBSCertificate unsigned = generator.generateTBSCertificate();

        Signature signature = Signature.getInstance(CertificateAuthority.SIGNATURE);
        signature.initSign(authority.key());
        signature.update(unsigned.getEncoded(ASN1Encoding.DER));
        ASN1EncodableVector signed = new ASN1EncodableVector(3);
        signed.add(unsigned);
        signed.add(ALGORITHM);
        signed.add(new DERBitString(signature.sign()));
        // Read by clients, hardly ever here: so it is parsed only where somebody asks.
        return new LazyX509Certificate(new DERSequence(signed).getEncoded(ASN1Encoding.DER));
    }

    /** Names are limited to 64 characters in a common name; the alternative name is what clients read. */
    private static X500Name subject(HostName host) {
        return host.text().length() <= COMMON_NAME_MAX
                ? new X500NameBuilder().addRDN(BCStyle.CN, host.text()).build()
                : NAMELESS;
    }

    private Extensions extensions(HostName host) throws IOException {
        Extension[] all = new Extension[common.length + 1];
        System.arraycopy(common, 0, all, 0, common.length);
        all[common.length] =
                Extension.create(Extension.subjectAlternativeName, false, new GeneralNames(alternativeName(host)));
        return new Extensions(all);
    }

    private static GeneralName alternativeName(HostName host) {
        return host.literal()
                .map(address -> new GeneralName(GeneralName.iPAddress, new DEROctetString(address.getAddress())))
                .orElseGet(() -> new GeneralName(GeneralName.dNSName, host.text()));
    }
}
