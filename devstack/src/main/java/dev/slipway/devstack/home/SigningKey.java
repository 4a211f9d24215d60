package dev.slipway.devstack.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.function.Consumer;

/** The private key (EC P-256, PKCS #8, PEM) that signs users' tokens where login is on; made once, mode 0600. */
public final class SigningKey {
    private static final int PEM_LINE = 64;

    private SigningKey() {}

    public static Path loadOrMake(Path directory, Consumer<String> said) throws IOException {
        PrivateFiles.directory(directory);
        Path file = directory.resolve("signing.pem");
        if (!Files.exists(file)) {
            PrivateFiles.write(file, pem());
            said.accept("made a new key: " + file + " (signs users' tokens)");
        }
        return file;
    }

    private static String pem() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            String lines = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(key);
            return "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
