package dev.slipway.credential.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A secret opens for its own row, project, version and key, and for nothing else. */
class VaultTest {
    private static final String KEY = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210";
    private static final String OTHER_KEY = "ffeeddccbbaa998877665544332211000123456789abcdeffedcba9876543210";
    private static final Binding BINDING = new Binding("project", "credential", 7, "value");
    private static final byte[] SECRET = "sk-a-secret".getBytes(UTF_8);

    private final Vault vault = vault(KEY);

    @Test
    void whatWasSealedOpens() throws Exception {
        assertThat(vault.open(BINDING, vault.seal(BINDING, SECRET))).isEqualTo(SECRET);
    }

    /** The expected bytes come from another implementation of AES-GCM: {@code sealed-v1.py} beside them. */
    @Test
    void theLayoutIsTheOneThatOlderReleasesWrote() throws Exception {
        var file = Path.of(Objects.requireNonNull(VaultTest.class.getResource("/vault/sealed-v1.hex"))
                .toURI());
        byte[] stored = HexFormat.of().parseHex(Files.readString(file).strip());

        assertThat(vault.open(BINDING, stored)).isEqualTo(SECRET);
        assertThat(foretold(ring(KEY, List.of())).seal(BINDING, SECRET)).isEqualTo(stored);
    }

    @Test
    void theSameSecretNeverRestsInTheSameBytes() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            byte[] sealed = vault.seal(BINDING, SECRET);
            seen.add("wrap nonce " + HexFormat.of().formatHex(sealed, 9, 21));
            seen.add("data nonce " + HexFormat.of().formatHex(sealed, 69, 81));
            seen.add("secret " + HexFormat.of().formatHex(sealed, 81, sealed.length));
        }

        assertThat(seen).hasSize(3000);
    }

    @Test
    void aSecretMovedElsewhereDoesNotOpen() {
        byte[] sealed = vault.seal(BINDING, SECRET);

        List.of(
                        new Binding("other", "credential", 7, "value"),
                        new Binding("project", "other", 7, "value"),
                        new Binding("project", "credential", 6, "value"),
                        new Binding("project", "credential", 7, "refresh"),
                        new Binding("projectc", "redential", 7, "value"))
                .forEach(elsewhere -> assertThatThrownBy(() -> vault.open(elsewhere, sealed))
                        .isInstanceOf(SealedSecretException.class)
                        .hasMessageContaining("belongs to another credential, project or version"));
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] sealed = vault.seal(BINDING, SECRET);

        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> vault.open(BINDING, changed)).isInstanceOf(SealedSecretException.class);
        }
    }

    @Test
    void whatIsCutOffOrExtendedDoesNotOpen() {
        byte[] sealed = vault.seal(BINDING, SECRET);

        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> vault.open(BINDING, cut)).isInstanceOf(SealedSecretException.class);
        }
        assertThatThrownBy(() -> vault.open(BINDING, Arrays.copyOf(sealed, sealed.length + 1)))
                .isInstanceOf(SealedSecretException.class);
    }

    @Test
    void theHalvesOfTwoSealingsDoNotFit() {
        byte[] first = vault.seal(BINDING, SECRET);
        byte[] second = vault.seal(BINDING, SECRET);
        System.arraycopy(second, 69, first, 69, first.length - 69);

        assertThatThrownBy(() -> vault.open(BINDING, first)).isInstanceOf(SealedSecretException.class);
    }

    @Test
    void anUnknownLayoutSaysSo() {
        byte[] sealed = vault.seal(BINDING, SECRET);
        sealed[0] = 0;

        assertThatThrownBy(() -> vault.open(BINDING, sealed)).hasMessageContaining("layout 0 is unknown");
    }

    @Test
    void aMasterKeyThatIsNotHereIsNamedByItsId() {
        byte[] sealed = vault.seal(BINDING, SECRET);

        assertThatThrownBy(() -> vault(OTHER_KEY).open(BINDING, sealed))
                .hasMessageContaining("sealed with master key " + vault.currentKeyId())
                .hasMessageNotContaining(KEY);
    }

    @Test
    void renewingChangesTheDataKeyTheNoncesAndTheCiphertext() throws Exception {
        byte[] old = vault.seal(BINDING, SECRET);

        byte[] renewed = vault.renew(BINDING, old);

        assertThat(vault.open(BINDING, renewed)).isEqualTo(SECRET);
        assertThat(text(renewed, 0, renewed.length))
                .as("wrapped key; nonce, ciphertext and tag")
                .doesNotContain(text(old, 9, 69), text(old, 69, old.length));
    }

    @Test
    void anEarlierMasterKeyStillOpensAndRenewingMakesItNeedless() throws Exception {
        byte[] old = vault.seal(BINDING, SECRET);
        Vault both = vault(ring(OTHER_KEY, List.of(KEY)));

        byte[] renewed = both.renew(BINDING, old);

        assertThat(both.open(BINDING, old)).isEqualTo(SECRET);
        assertThat(vault(OTHER_KEY).open(BINDING, renewed)).isEqualTo(SECRET);
        assertThatThrownBy(() -> vault.open(BINDING, renewed)).hasMessageContaining("which this service does not have");
    }

    @Test
    void theDataKeyIsZeroedAfterUseAndNoCopyIsKept() {
        Seen random = new Seen();
        new Vault(new KeyWrappers(new LocalKeys(ring(KEY, List.of()), new SecureRandom())), random)
                .seal(BINDING, SECRET);

        assertThat(random.given.getFirst()).as("the data key").hasSize(32).containsOnly(0);
        assertThat(new PassingKey(random.given.getFirst(), "AES")).hasToString("PassingKey[hidden]");
    }

    /** Keeps what it gave: the very arrays. */
    private static final class Seen extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient List<byte[]> given = new java.util.ArrayList<>();

        @Override
        public void nextBytes(byte[] bytes) {
            super.nextBytes(bytes);
            given.add(bytes);
        }
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static Vault vault(String key) {
        return vault(ring(key, List.of()));
    }

    private static Vault vault(KeyRing ring) {
        return new Vault(new KeyWrappers(new LocalKeys(ring, new SecureRandom())));
    }

    private static Vault foretold(KeyRing ring) {
        SecureRandom counting = new CountingRandom();
        return new Vault(new KeyWrappers(new LocalKeys(ring, counting)), counting);
    }

    private static KeyRing ring(String key, List<String> previous) {
        return KeyRing.of(new EncryptionSettings(key, "", previous, "local"));
    }
}
