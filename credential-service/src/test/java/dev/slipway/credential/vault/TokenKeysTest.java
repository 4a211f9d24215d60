package dev.slipway.credential.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.credential.testing.SoftHsm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets whose data keys are wrapped on a PKCS#11 token, which alone has the master key. */
class TokenKeysTest {
    private static final String KNOWN_KEY = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210";
    private static final Binding BINDING = new Binding("project", "credential", 7, "value");
    private static final byte[] SECRET = "sk-a-secret".getBytes(UTF_8);

    @TempDir
    private Path folder;

    @BeforeAll
    static void aToken() {
        assumeThat(SoftHsm.isInstalled())
                .as("softhsm2 and opensc are installed")
                .isTrue();
    }

    @Test
    void whatWasSealedOpensAndNamesItsKeyWhichCannotLeave() throws Exception {
        String label = SoftHsm.token().newKey();
        Vault vault = vault(label);

        byte[] sealed = vault.seal(BINDING, SECRET);

        assertThat(vault.open(BINDING, sealed)).isEqualTo(SECRET);
        assertThat(vault.keyIdOf(sealed)).isEqualTo("pkcs11/" + label).isEqualTo(vault.currentKeyId());
        assertThat(new Token(settings(label)).find(label).orElseThrow().getEncoded())
                .as("the key itself")
                .isNull();
    }

    /** The expected bytes come from another implementation of AES-GCM: {@code sealed-v3.py} beside them. */
    @Test
    void theTokenDoesTheSameAesAsEverybody() throws Exception {
        var file = Path.of(Objects.requireNonNull(TokenKeysTest.class.getResource("/vault/sealed-v3.hex"))
                .toURI());
        byte[] stored = HexFormat.of().parseHex(Files.readString(file).strip());
        SoftHsm.token().bring("known", HexFormat.of().parseHex(KNOWN_KEY));
        TokenSettings settings = settings("known");
        SecureRandom counting = new CountingRandom();
        Vault foretold = new Vault(new KeyWrappers(new TokenKeys(new Token(settings), settings, counting)), counting);

        assertThat(foretold.seal(BINDING, SECRET)).isEqualTo(stored);
        assertThat(vault("known").open(BINDING, stored)).isEqualTo(SECRET);
    }

    @Test
    void aLabelOutsideOfAsciiHasAnIdThatNoOtherHas() {
        assertThat(Stream.of("schlüssel", "schlössel", "schl\\u{fc}ssel", "schl?ssel")
                        .map(TokenKeysTest::settings)
                        .map(settings ->
                                new TokenKeys(new Token(settings), settings, new SecureRandom()).currentKeyId()))
                .containsExactly(
                        "pkcs11/schl\\u{fc}ssel",
                        "pkcs11/schl\\u{f6}ssel",
                        "pkcs11/schl\\u{5c}u{fc}ssel",
                        "pkcs11/schl?ssel");
    }

    @Test
    void everyFlippedBitIsNoticed() {
        Vault vault = vault(SoftHsm.token().newKey());
        byte[] sealed = vault.seal(BINDING, SECRET);

        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> vault.open(BINDING, changed))
                    .as("bit %s", bit)
                    .isInstanceOf(SealedSecretException.class);
        }
    }

    @Test
    void aSecretMovedElsewhereOrCutOffDoesNotOpen() {
        Vault vault = vault(SoftHsm.token().newKey());
        byte[] sealed = vault.seal(BINDING, SECRET);

        List.of(
                        new Binding("other", "credential", 7, "value"),
                        new Binding("project", "other", 7, "value"),
                        new Binding("project", "credential", 6, "value"),
                        new Binding("project", "credential", 7, "refresh"))
                .forEach(elsewhere -> assertThatThrownBy(() -> vault.open(elsewhere, sealed))
                        .isInstanceOf(SealedSecretException.class)
                        .hasMessageContaining("belongs to another credential, project or version"));
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> vault.open(BINDING, cut)).isInstanceOf(SealedSecretException.class);
        }
    }

    @Test
    void anEarlierKeyOpensAsLongAsItIsOnTheToken() throws Exception {
        String first = SoftHsm.token().newKey();
        byte[] old = vault(first).seal(BINDING, SECRET);
        Vault before = vault(first);
        String second = SoftHsm.token().newKey();
        Vault after = vault(second);

        byte[] renewed = after.renew(BINDING, old);

        assertThat(after.keyIdOf(renewed)).isEqualTo("pkcs11/" + second);
        assertThat(before.open(BINDING, renewed))
                .as("by a replica that knew the token before the second key was made")
                .isEqualTo(SECRET);
        SoftHsm.token().destroy(first);
        assertThat(vault(second).open(BINDING, renewed)).isEqualTo(SECRET);
        assertThatThrownBy(() -> vault(second).open(BINDING, old))
                .isInstanceOf(SealedSecretException.class)
                .hasMessageContaining(first + ", which is not on the token");
    }

    @Test
    void aTokenWithoutTheKeyIsNoFaultOfTheSecret() {
        assertThatThrownBy(() -> vault("no-such-key").seal(BINDING, SECRET))
                .isInstanceOf(KeyServiceUnavailableException.class)
                .hasMessageContaining("has no key no-such-key");
    }

    @Test
    void aWrongPinIsTriedOnceAlone() throws IOException {
        Path pin = folder.resolve("pin");
        Files.writeString(pin, "999999\n");
        TokenSettings wrong = new TokenSettings(
                SoftHsm.LIBRARY.toString(), SoftHsm.strangers().slot(), 0, "", pin.toString(), "slipway");
        Vault vault = vault(wrong);

        assertThatThrownBy(() -> vault.seal(BINDING, SECRET))
                .isInstanceOf(KeyServiceUnavailableException.class)
                .hasMessageContaining("CKR_PIN_INCORRECT")
                .hasMessageContaining("not tried again")
                .hasMessageNotContaining("999999");
        Files.writeString(pin, SoftHsm.PIN);
        assertThatThrownBy(() -> vault.seal(BINDING, SECRET)).hasMessageContaining("not tried again");
        Files.delete(pin);
        assertThatThrownBy(() -> vault(wrong).seal(BINDING, SECRET)).hasMessageContaining("PIN cannot be read");
    }

    @Test
    void whatIsNoTokenStopsTheStart() throws IOException {
        Path none = folder.resolve("library.so");
        assertThatThrownBy(() -> new Token(new TokenSettings(none.toString(), "", 0, "1", "", "k")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SLIPWAY_PKCS11_LIBRARY")
                .hasMessageContaining("no such file");
        Files.writeString(none, "no library");
        assertThatThrownBy(() -> new Token(new TokenSettings(none.toString(), "", 0, "1", "", "k")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be used");
        assertThatThrownBy(() -> new KeyWrappers(
                        new EncryptionSettings("", "", List.of(), "pkcs11"),
                        transit(),
                        new TokenSettings("", "", 0, "", "", "k")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SLIPWAY_PKCS11_LIBRARY): not set");
    }

    @Test
    void theServiceMovesToATokenAndBack() throws IOException {
        String label = SoftHsm.token().newKey();
        try (ServiceUnderTest service = new ServiceUnderTest()) {
            service.admin("POST", "/credentials", "{\"provider\":\"github\",\"apiKey\":\"ghp-kept\"}");

            Map<String, Object> toToken = new HashMap<>(SoftHsm.token().settings(label));
            toToken.put("SLIPWAY_KEY_SERVICE", "pkcs11");
            toToken.put("ENCRYPTION_KEY", "");
            toToken.put("ENCRYPTION_KEYS_PREVIOUS", ServiceUnderTest.KEY);
            service.restart(toToken);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.query("SELECT key_id FROM credential").equals(List.of("pkcs11/" + label)));
            service.restart(Map.of("ENCRYPTION_KEYS_PREVIOUS", ""));
            assertThat(service.rules()).as("with the token alone").contains("ghp-kept");
            assertThat(service.masterKey()).contains("\"keyId\":\"pkcs11/" + label + "\"", "\"remaining\":0");

            service.restart(Map.of("SLIPWAY_PKCS11_KEY", "not-made-yet"));
            var refused = service.admin("POST", "/credentials", "{\"provider\":\"google\",\"apiKey\":\"AIza\"}");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("problems/key-service-unavailable");
            assertThat(service.rules()).as("nothing else is affected").contains("ghp-kept");

            service.restart(Map.of("SLIPWAY_KEY_SERVICE", "local", "ENCRYPTION_KEY", ServiceUnderTest.KEY));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.masterKey().contains("\"remaining\":0"));
            assertThat(service.rules()).contains("ghp-kept");
        }
    }

    private static Vault vault(String label) {
        return vault(settings(label));
    }

    private static Vault vault(TokenSettings settings) {
        return new Vault(new KeyWrappers(new TokenKeys(new Token(settings), settings, new SecureRandom())));
    }

    private static TokenSettings settings(String label) {
        return new TokenSettings(SoftHsm.LIBRARY.toString(), SoftHsm.token().slot(), 0, SoftHsm.PIN, "", label);
    }

    private static TransitSettings transit() {
        return new TransitSettings(
                "", "", "", "", "", "", "approle", "", "transit", "slipway", "", Duration.ofSeconds(5));
    }
}
