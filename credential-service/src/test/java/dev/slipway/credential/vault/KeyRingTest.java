package dev.slipway.credential.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which master keys are accepted, and what is said of the others. */
class KeyRingTest {
    private static final String HEX = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210";

    @Test
    void aKeyMayBeHexOrBase64() {
        byte[] bytes = HexFormat.of().parseHex(HEX);

        String id = ring(HEX).current().idText();

        assertThat(ring(Base64.getEncoder().encodeToString(bytes)).current().idText())
                .isEqualTo(id);
        assertThat(ring(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n")
                        .current()
                        .idText())
                .isEqualTo(id);
    }

    @Test
    void aFileWinsOverTheEnvironment(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), HEX + "\n");

        KeyRing ring = KeyRing.of(new EncryptionSettings("not even a key", file.toString(), List.of(), "local"));

        assertThat(ring.current().idText()).isEqualTo(ring(HEX).current().idText());
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> KeyRing.of(new EncryptionSettings(HEX, "/nowhere/key", List.of(), "local")))
                .hasMessageContaining("ENCRYPTION_KEY_FILE")
                .hasMessageContaining("/nowhere/key cannot be read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "changeme-changeme",
                "c2hvcnQ=",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "abababababababababababababababababababababababababababababababab",
                "00112233445566778899aabbccddeeff0123456789abcdeffedcba98765432",
                "not base64 and not hex either, whatever one may think of it",
            })
    void aMissingOrWeakKeyIsRefusedWithTheWayToMakeOne(String key) {
        assertThatThrownBy(() -> ring(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ENCRYPTION_KEY")
                .hasMessageContaining("openssl rand -hex 32")
                .satisfies(thrown -> assertThat(key.isBlank()
                                || !String.valueOf(thrown.getMessage()).contains(key))
                        .isTrue());
    }

    @Test
    void nothingPrintsAKey() {
        EncryptionSettings settings = new EncryptionSettings(HEX, "", List.of(HEX), "local");

        assertThat(settings.toString() + ring(HEX).current()).doesNotContain(HEX);
    }

    private static KeyRing ring(String key) {
        return KeyRing.of(new EncryptionSettings(key, "", List.of(), "local"));
    }
}
