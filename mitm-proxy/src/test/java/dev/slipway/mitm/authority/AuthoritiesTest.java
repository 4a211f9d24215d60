package dev.slipway.mitm.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.mitm.address.HostName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How one authority succeeds another, while clients that know one of them only go on. */
@NullMarked
class AuthoritiesTest {
    private static final Duration OVERLAP = Duration.ofDays(7);
    private static final Authorities.Schedule SCHEDULE = new Authorities.Schedule(Duration.ofDays(365), OVERLAP);
    private static final HostName HOST = HostName.parse("api.example.com");

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    private final Clock clock = new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    @Test
    void aSuccessorIsTrustedBeforeItSignsAndItsPredecessorAfterwards() throws Exception {
        Authorities authorities = authorities();
        Leaves leaves = new Leaves(authorities::signing, clock);
        X509Certificate first = authorities.signing().certificate();
        var firstLeaf = leaves.leafFor(HOST);

        authorities.announce();
        assertThat(trusted(authorities)).hasSize(2).startsWith(first);
        X509Certificate second = trusted(authorities).getLast();
        now = now.plus(OVERLAP).minusSeconds(1);
        authorities.keep();
        leaves.certificateFor(HOST).verify(first.getPublicKey());
        assertThat(leaves.leafFor(HOST)).isSameAs(firstLeaf);

        now = now.plusSeconds(1);
        authorities.keep();
        leaves.certificateFor(HOST).verify(second.getPublicKey());
        assertThat(leaves.leafFor(HOST)).isNotSameAs(firstLeaf);
        assertThat(trusted(authorities)).containsExactly(second, first);

        now = now.plus(OVERLAP);
        authorities.keep();
        assertThat(trusted(authorities)).containsExactly(second);
    }

    @Test
    void anOldAuthorityGetsASuccessorByItself() {
        Authorities authorities = authorities();

        now = now.plus(SCHEDULE.maxAge()).minusSeconds(1);
        authorities.keep();
        assertThat(authorities.state().next()).isEmpty();

        now = now.plusSeconds(1);
        authorities.keep();
        assertThat(authorities.state().nextSignsFrom()).contains(now.plus(OVERLAP));
    }

    @Test
    void thereIsOneSuccessorAtATime() {
        Authorities authorities = authorities();
        authorities.announce();

        assertThatThrownBy(authorities::announce).hasMessageContaining("signs from 2030-01-08");
    }

    @Test
    void anAuthorityWhoseKeyLeakedIsReplacedAtOnce() throws Exception {
        Authorities authorities = authorities();
        X509Certificate leaked = authorities.signing().certificate();
        authorities.announce();

        authorities.replaceAtOnce();

        assertThat(trusted(authorities)).hasSize(1).doesNotContain(leaked);
        assertThat(authorities.state().next()).isEmpty();
    }

    @Test
    void replicasAndRestartsAgree() throws Exception {
        Authorities one = authorities();
        Authorities other = authorities();
        one.announce();
        now = now.plus(OVERLAP);

        one.keep();
        other.keep();

        assertThat(other.signing().certificate()).isEqualTo(one.signing().certificate());
        assertThat(authorities().trustedPem()).isEqualTo(one.trustedPem());
    }

    @Test
    void aChangeThatACrashCutShortIsFinished() throws Exception {
        Authorities authorities = authorities();
        authorities.announce();
        X509Certificate second = trusted(authorities).getLast();
        Files.copy(folder.resolve("ca.pem"), folder.resolve("previous.pem"));
        Files.move(folder.resolve("next.key"), folder.resolve("ca.key"), StandardCopyOption.REPLACE_EXISTING);

        Authorities restarted = authorities();

        assertThat(restarted.signing().certificate()).isEqualTo(second);
        new Leaves(restarted::signing, clock).certificateFor(HOST).verify(second.getPublicKey());
        assertThat(trusted(restarted)).hasSize(2);
    }

    @Test
    void keysAreReadByTheProxyAlone() throws Exception {
        Authorities authorities = authorities();
        authorities.announce();
        assertThat(permissions("next.key")).isEqualTo("rw-------");

        now = now.plus(OVERLAP);
        authorities.keep();

        assertThat(permissions("ca.key")).isEqualTo("rw-------");
        assertThat(folder.resolve("next.key")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    private Authorities authorities() {
        return Authorities.in(folder, clock, SCHEDULE);
    }

    private static java.util.List<X509Certificate> trusted(Authorities authorities) throws Exception {
        return Pem.certificates(authorities.trustedPem().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private String permissions(String name) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
    }
}
