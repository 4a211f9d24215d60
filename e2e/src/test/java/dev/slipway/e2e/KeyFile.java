package dev.slipway.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** Keys and certificates of a test's own, in a file (PKCS #12) that the JDK's keytool writes. */
record KeyFile(Path folder, String name) {
    private static final String PASSWORD = "changeit";
    private static final List<String> NEW_KEY =
            List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2");

    /** A new key and a certificate that it signed itself. */
    void make(String alias, String subject, String... extensions) {
        List<String> arguments = new ArrayList<>(NEW_KEY);
        arguments.addAll(List.of("-dname", "CN=" + subject));
        for (String extension : extensions) {
            arguments.addAll(List.of("-ext", extension));
        }
        keytool(alias, arguments.toArray(String[]::new));
    }

    /** What keytool says to these arguments. */
    String keytool(String alias, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias", alias, "-keystore", file().toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        return Commands.run(folder, Map.of(), Duration.ofMinutes(1), command, null)
                .orFail();
    }

    KeyStore read() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file())) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    /** A private key, as PKCS #8. */
    byte[] privateKey(String alias) throws IOException, GeneralSecurityException {
        return read().getKey(alias, PASSWORD.toCharArray()).getEncoded();
    }

    /** Shows what the file has under this name. */
    KeyManager[] showing(String alias) throws IOException, GeneralSecurityException {
        KeyStore shown = read();
        for (String other : Collections.list(shown.aliases())) {
            if (!other.equals(alias)) {
                shown.deleteEntry(other);
            }
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(shown, PASSWORD.toCharArray());
        return managers.getKeyManagers();
    }

    private Path file() {
        return folder.resolve(name);
    }
}
