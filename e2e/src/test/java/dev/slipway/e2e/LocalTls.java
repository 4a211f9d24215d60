package dev.slipway.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The TLS of a server on this machine that stands for hosts elsewhere, with a certificate of its own.
 *
 * @param certificate what a client is to trust, PEM
 */
record LocalTls(SSLContext context, Path certificate) {
    private static final String PASSWORD = "changeit";

    /** One for these names and for 127.0.0.1; {@code name} tells its files from others in the folder. */
    static LocalTls of(Path folder, String name, List<String> hosts) throws IOException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        String names = hosts.stream().map(host -> "dns:" + host).collect(Collectors.joining(","));
        keytool(
                folder,
                store,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-dname",
                "CN=" + hosts.getFirst(),
                "-ext",
                "san=" + names + ",ip:127.0.0.1",
                "-ext",
                "bc:critical=ca:true",
                "-storetype",
                "PKCS12");
        Path certificate = folder.resolve(name + ".pem");
        Files.writeString(certificate, keytool(folder, store, "-exportcert", "-rfc"));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return new LocalTls(context, certificate);
    }

    private static String keytool(Path folder, Path store, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "host", "-keystore", store.toString(), "-storepass", PASSWORD));
        return Commands.run(folder, Map.of(), Duration.ofMinutes(1), command, null)
                .orFail();
    }
}
