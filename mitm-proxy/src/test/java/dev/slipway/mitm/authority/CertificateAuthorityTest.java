package dev.slipway.mitm.authority;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.mitm.address.HostName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x509.Certificate;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients ask of an authority and of the certificates it signs. */
@NullMarked
class CertificateAuthorityTest {
    @TempDir
    Path folder;

    @Test
    void itIsMadeOnceAndItsKeyIsPrivate() throws Exception {
        CertificateAuthority first = CertificateAuthority.in(folder.resolve("ca"), Clock.systemUTC());
        CertificateAuthority second = CertificateAuthority.in(folder.resolve("ca"), Clock.systemUTC());

        assertThat(second.certificate()).isEqualTo(first.certificate());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca/ca.key"))))
                .isEqualTo("rw-------");
        first.certificate().verify(first.certificate().getPublicKey());
    }

    @Test
    void anAttemptThatACrashCutShortIsMadeGood() throws Exception {
        CertificateAuthority first = CertificateAuthority.in(folder.resolve("ca"), Clock.systemUTC());
        Files.delete(folder.resolve("ca/ca.pem"));

        CertificateAuthority second = CertificateAuthority.in(folder.resolve("ca"), Clock.systemUTC());

        assertThat(second.certificate()).isNotEqualTo(first.certificate());
        second.certificate().verify(second.certificate().getPublicKey());
    }

    @Test
    void aLeafHasAllThatStrictClientsAskFor() throws Exception {
        CertificateAuthority authority = CertificateAuthority.in(folder.resolve("ca"), Clock.systemUTC());
        Leaves leaves = new Leaves(authority, Clock.systemUTC());

        X509Certificate leaf = leaves.certificateFor(HostName.parse("api.example.com"));

        leaf.verify(authority.certificate().getPublicKey());
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(2, "api.example.com"));
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(leaf.getExtensionValue("2.5.29.14")).isNotNull();
        assertThat(leaf.getExtensionValue("2.5.29.35")).isNotNull();
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(Duration.between(
                        leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                .isLessThanOrEqualTo(Duration.ofDays(397));
        assertThat(leaves.certificateFor(HostName.parse("[2606:4700::1]")).getSubjectAlternativeNames())
                .containsExactly(List.of(7, "2606:4700:0:0:0:0:0:1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60, 63, 65, 120, 190, 253})
    void aLeafIsEncodedAsStrictlyAsALibraryWould(int length) throws Exception {
        String name = "a".repeat(61) + "." + "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(63);
        HostName host = HostName.parse(name.substring(name.length() - length));
        Leaves leaves = new Leaves(CertificateAuthority.in(folder.resolve("ca"), Clock.systemUTC()), Clock.systemUTC());

        byte[] leaf = leaves.certificateFor(host).getEncoded();

        assertThat(Certificate.getInstance(leaf).getEncoded(ASN1Encoding.DER)).isEqualTo(leaf);
    }

    @Test
    void noTwoLeavesShareASerial() throws Exception {
        Leaves leaves = new Leaves(CertificateAuthority.in(folder.resolve("ca"), Clock.systemUTC()), Clock.systemUTC());

        var serials = IntStream.range(0, 50)
                .mapToObj(i -> serialOf(leaves, i))
                .distinct()
                .toList();

        assertThat(serials).hasSize(50).allMatch(serial -> serial.signum() > 0 && serial.bitLength() <= 159);
    }

    private static java.math.BigInteger serialOf(Leaves leaves, int i) {
        try {
            return leaves.certificateFor(HostName.parse("h" + i + ".example.com"))
                    .getSerialNumber();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
