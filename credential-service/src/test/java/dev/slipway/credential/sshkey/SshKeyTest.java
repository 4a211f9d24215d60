package dev.slipway.credential.sshkey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of the real {@code ssh-keygen} are read here, and signatures made here are checked by it. */
class SshKeyTest {
    private static final int SHA_512 = 4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "ed25519, 256,  RFC4716, ssh-ed25519",
        "rsa,     3072, RFC4716, ssh-rsa",
        "rsa,     2048, PEM,     ssh-rsa",
        "rsa,     2048, PKCS8,   ssh-rsa",
        "ecdsa,   256,  RFC4716, ecdsa-sha2-nistp256",
        "ecdsa,   384,  PEM,     ecdsa-sha2-nistp384",
        "ecdsa,   521,  PKCS8,   ecdsa-sha2-nistp521",
    })
    void aKeyOfSshKeygenIsReadAndItsSignaturesHold(String type, int bits, String format, String name) throws Exception {
        Path file = keygen(type, bits, format, "");

        SshKey key = SshKey.parse(Files.readString(file));

        assertThat(key.type()).isEqualTo(name);
        assertThat(Files.readString(Path.of(file + ".pub"))).startsWith(key.publicLine());
        assertThat(verified(key)).isZero();
        assertThat(verified(SshKey.ofStored(key.stored().getBytes(UTF_8))))
                .as("after a rest")
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void aKeyMadeHereSigns(String type) throws Exception {
        assertThat(verified(SshKey.generate(type).orElseThrow())).isZero();
    }

    @Test
    void aSignatureOfOtherDataDoesNotHold() throws Exception {
        SshKey key = SshKey.generate("ed25519").orElseThrow();

        assertThat(verified(key, "one text", "another text")).isNotZero();
    }

    @Test
    void whatCannotBeUsedSaysWhy() throws Exception {
        String locked = Files.readString(keygen("ed25519", 256, "RFC4716", "a passphrase"));
        String lockedPem = Files.readString(keygen("rsa", 2048, "PEM", "a passphrase"));
        String lockedPkcs8 = Files.readString(keygen("ecdsa", 256, "PKCS8", "a passphrase"));
        String small = Files.readString(keygen("rsa", 1024, "RFC4716", ""));
        String publicKey = Files.readString(Path.of(keygen("ed25519", 256, "RFC4716", "") + ".pub"));

        for (String text : List.of(locked, lockedPem, lockedPkcs8)) {
            assertThatThrownBy(() -> SshKey.parse(text)).hasMessageContaining("passphrase");
        }
        assertThatThrownBy(() -> SshKey.parse(small)).hasMessageContaining("RSA of 1024 bits");
        assertThatThrownBy(() -> SshKey.parse(publicKey)).hasMessageContaining("not a key");
        assertThatThrownBy(() -> SshKey.parse(locked.substring(0, 120))).hasMessageContaining("not a key");
        assertThat(SshKey.generate("dsa")).isEmpty();
        SshKey rsa = SshKey.parse(Files.readString(keygen("rsa", 2048, "RFC4716", "")));
        assertThatThrownBy(() -> rsa.sign(new byte[] {1}, 0)).hasMessageContaining("SHA-1");
    }

    private Path keygen(String type, int bits, String format, String passphrase) throws Exception {
        Path file = folder.resolve(type + bits + format + passphrase.length());
        run(List.of(
                "ssh-keygen",
                "-q",
                "-t",
                type,
                "-b",
                String.valueOf(bits),
                "-m",
                format,
                "-N",
                passphrase,
                "-C",
                "",
                "-f",
                file.toString()));
        return file;
    }

    private int verified(SshKey key) throws Exception {
        return verified(key, "a text", "a text");
    }

    /** What ssh-keygen says to our signature, in the format of its own signatures (PROTOCOL.sshsig). */
    private int verified(SshKey key, String signed, String shown) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-512").digest(signed.getBytes(UTF_8));
        byte[] magic = "SSHSIG".getBytes(UTF_8);
        byte[] rest = new SshBlob()
                .string("test")
                .string("")
                .string("sha512")
                .string(hash)
                .bytes();
        byte[] signature = key.sign(joined(magic, rest), SHA_512);
        byte[] file = joined(
                joined(magic, new byte[] {0, 0, 0, 1}),
                new SshBlob()
                        .string(key.publicBlob())
                        .string("test")
                        .string("")
                        .string("sha512")
                        .string(signature)
                        .bytes());
        Path armored = Files.writeString(
                folder.resolve("signature"),
                "-----BEGIN SSH SIGNATURE-----\n"
                        + Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(file)
                        + "\n-----END SSH SIGNATURE-----\n");
        Path allowed = Files.writeString(folder.resolve("allowed"), "me " + key.publicLine() + "\n");
        Path text = Files.writeString(folder.resolve("text"), shown);
        Process process = new ProcessBuilder(
                        "ssh-keygen",
                        "-Y",
                        "verify",
                        "-f",
                        allowed.toString(),
                        "-I",
                        "me",
                        "-n",
                        "test",
                        "-s",
                        armored.toString())
                .redirectInput(text.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("said")))
                .isZero();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
