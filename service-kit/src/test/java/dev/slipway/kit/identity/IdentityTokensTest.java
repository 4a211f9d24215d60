package dev.slipway.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.Base64URL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Which tokens open a service's door. */
@NullMarked
class IdentityTokensTest {
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Caller ANA = new Caller("gateway", "ana", "Ana", "ana@example.com", "p1", Role.MEMBER, null);

    private static IdentityTokens at(String service, Instant time, String key) throws Exception {
        return new IdentityTokens(service, new InternalKey(key), Clock.fixed(time, ZoneOffset.UTC));
    }

    @Test
    void aTokenForThisServiceSpeaksForItsCaller() throws Exception {
        String token = at("gateway", NOW, KEY).sign(ANA, "session-service");

        assertThat(at("session-service", NOW, KEY).verify(token)).contains(ANA);
    }

    @Test
    void aTokenForAnotherServiceOpensNothing() throws Exception {
        String token = at("gateway", NOW, KEY).sign(ANA, "workspace-service");

        assertThat(at("session-service", NOW, KEY).verify(token)).isEmpty();
    }

    @Test
    void anExpiredTokenOpensNothing() throws Exception {
        String token = at("gateway", NOW, KEY).sign(ANA, "session-service");
        Instant later = NOW.plus(IdentityTokens.LIFETIME).plus(Duration.ofSeconds(6));

        assertThat(at("session-service", later, KEY).verify(token)).isEmpty();
    }

    @Test
    void aTokenOfAnotherKeyOpensNothing() throws Exception {
        byte[] other = new byte[32];
        other[0] = 1;
        String token =
                at("gateway", NOW, Base64.getEncoder().encodeToString(other)).sign(ANA, "session-service");

        assertThat(at("session-service", NOW, KEY).verify(token)).isEmpty();
    }

    @Test
    void aTokenThatSaysItNeedsNoSignatureOpensNothing() throws Exception {
        String payload = at("gateway", NOW, KEY).sign(ANA, "session-service").split("\\.")[1];
        String unsigned = Base64URL.encode("{\"alg\":\"none\"}") + "." + payload + ".";

        assertThat(at("session-service", NOW, KEY).verify(unsigned)).isEmpty();
    }

    @Test
    void aServiceCannotSpeakAsAnother() throws Exception {
        String token = at("mitm-proxy", NOW, KEY).sign(Caller.system("session-service", "p1"), "credential-service");

        assertThat(at("credential-service", NOW, KEY).verify(token))
                .hasValueSatisfying(caller -> assertThat(caller.issuer()).isEqualTo("mitm-proxy"));
    }

    @Test
    void aWeakKeyStopsTheStartAndSaysHowToMakeOne() {
        assertThatThrownBy(() -> new InternalKey(Base64.getEncoder().encodeToString(new byte[31])))
                .hasMessageContaining("31 bytes (expected: base64 of at least 32");
    }
}
