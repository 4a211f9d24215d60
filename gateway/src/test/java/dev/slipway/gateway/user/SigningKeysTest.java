package dev.slipway.gateway.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.gateway.Gateways;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How keys of access tokens are changed without anyone being logged out, and which ones are refused. */
class SigningKeysTest {
    private static final User USER = new User("u", "ada", null, "Ada", false);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static SigningKeys keys(String pem) {
        return new SigningKeys(new AuthSettings(true, pem, "", "", "", false));
    }

    private static AccessTokens tokens(String pem, Instant now) {
        return new AccessTokens(keys(pem), Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void aKeyIsChangedWithTheOldOneStillGood() throws Exception {
        String before = Gateways.signingKey();
        String after = Gateways.signingKey();
        String old = tokens(before, NOW).issue(USER, "s");

        AccessTokens overlap = tokens(after + before, NOW);
        String fresh = overlap.issue(USER, "s");

        assertThat(overlap.claims(old)).isPresent();
        assertThat(overlap.claims(fresh)).isPresent();
        assertThat(SignedJWT.parse(fresh).getHeader().getKeyID())
                .isEqualTo(keys(after).all().getFirst().getKeyID());
        assertThat(tokens(after, NOW).claims(fresh)).isPresent();
        assertThat(tokens(after, NOW).claims(old)).isEmpty();
    }

    @Test
    void allKeysArePublishedAndNoSecret() {
        SigningKeys keys = keys(Gateways.signingKey() + Gateways.signingKey());

        assertThat(keys.published().getKeys()).hasSize(2).noneMatch(JWK::isPrivate);
        assertThat(keys.published().toJSONObject().toString()).doesNotContain(" d=");
    }

    @Test
    void aTokenIsGoodForTenMinutes() {
        String pem = Gateways.signingKey();
        String token = tokens(pem, NOW).issue(USER, "s");

        assertThat(tokens(pem, NOW.plus(Duration.ofMinutes(9))).claims(token)).isPresent();
        assertThat(tokens(pem, NOW.plus(Duration.ofMinutes(10))).claims(token)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "a password"})
    void whatIsNoKeyStopsTheStart(String pem) {
        assertThatThrownBy(() -> keys(pem)).hasMessageContaining("AUTH_SIGNING_KEY");
    }

    @Test
    void weakKeysStopTheStart() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        KeyPairGenerator elliptic = KeyPairGenerator.getInstance("EC");
        elliptic.initialize(new ECGenParameterSpec("secp384r1"));

        assertThatThrownBy(() -> keys(pem(rsa))).hasMessageContaining("2048");
        assertThatThrownBy(() -> keys(pem(elliptic))).hasMessageContaining("P-256");
    }

    private static String pem(KeyPairGenerator generator) {
        byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(encoded)
                + "\n-----END PRIVATE KEY-----\n";
    }
}
