package dev.slipway.credential.sshkey;

import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** Reads the texts that private keys come in. */
final class PrivateKeyText {
    private static final String EXPECTED =
            "(expected: a private key in PEM, from -----BEGIN … PRIVATE KEY----- to -----END … PRIVATE KEY-----)";
    private static final String ENCRYPTED =
            "protected by a passphrase, which nobody could type here (expected: a key without; a copy is made so by ssh-keygen -p)";

    private PrivateKeyText() {}

    static AsymmetricKeyParameter read(String text) throws MalformedSshKeyException {
        PemObject block = block(text);
        boolean encrypted = block.getType().equals("ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED");
        if (encrypted) {
            throw new MalformedSshKeyException(ENCRYPTED);
        }
        byte[] content = block.getContent();
        try {
            return switch (block.getType()) {
                case "OPENSSH PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                    OpenSSHPrivateKeyUtil.parsePrivateKeyBlob(content);
                case "PRIVATE KEY" -> PrivateKeyFactory.createKey(content);
                default -> throw new MalformedSshKeyException("a " + block.getType() + " " + EXPECTED);
            };
        } catch (IOException | RuntimeException e) {
            // What the parser says could quote the key, so only this one case of it is looked at.
            throw new MalformedSshKeyException(
                    String.valueOf(e.getMessage()).contains("encrypted") ? ENCRYPTED : "not a key " + EXPECTED);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static PemObject block(String text) throws MalformedSshKeyException {
        try (PemReader reader = new PemReader(new StringReader(text))) {
            PemObject block = reader.readPemObject();
            if (block != null) {
                return block;
            }
        } catch (IOException | RuntimeException _) {
            // Falls through: the reason could quote the key.
        }
        throw new MalformedSshKeyException("not a key " + EXPECTED);
    }
}
