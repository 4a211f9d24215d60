package dev.slipway.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * An authority that signs for one installation, and the certificate that it gave the services of this machine.
 *
 * @param folder where the PEM files are
 * @param name what they begin with
 */
record InternalAuthority(Path folder, String name) {
    private static final String PASSWORD = "changeit";

    /** A new one. */
    static InternalAuthority in(Path folder, String name) throws IOException, GeneralSecurityException {
        InternalAuthority made = new InternalAuthority(folder, name);
        made.keytool(
                "authority",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-dname",
                "CN=" + name,
                "-ext",
                "bc:critical=ca:true");
        made.keytool(
                "own",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-dname",
                "CN=services of " + name);
        made.keytool("own", "-certreq", "-file", made.file("csr").toString());
        made.keytool(
                "authority",
                "-gencert",
                "-rfc",
                "-validity",
                "2",
                "-infile",
                made.file("csr").toString(),
                "-outfile",
                made.file("own.pem").toString(),
                "-ext",
                "san=ip:127.0.0.1",
                "-ext",
                "eku=serverAuth,clientAuth");
        made.keytool(
                "authority", "-exportcert", "-rfc", "-file", made.file("ca.pem").toString());
        Key key = made.store().getKey("own", PASSWORD.toCharArray());
        Files.writeString(
                made.file("key.pem"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        made.keytool(
                "own", "-importcert", "-noprompt", "-file", made.file("own.pem").toString());
        return made;
    }

    /** What every service is told. */
    Map<String, String> environment() {
        return Map.of(
                "SLIPWAY_INTERNAL_TLS_ENABLED", "true",
                "SLIPWAY_INTERNAL_TLS_CERTIFICATE", file("own.pem").toString(),
                "SLIPWAY_INTERNAL_TLS_KEY", file("key.pem").toString(),
                "SLIPWAY_INTERNAL_TLS_AUTHORITIES", file("ca.pem").toString());
    }

    /** Believes this authority and shows nothing. */
    SSLContext withoutCertificate() throws IOException, GeneralSecurityException {
        return context(null);
    }

    /** Believes this authority and shows what another one signed, or this one. */
    SSLContext withCertificateOf(InternalAuthority signer) throws IOException, GeneralSecurityException {
        return context(signer);
    }

    private SSLContext context(@Nullable InternalAuthority signer) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore believed = KeyStore.getInstance("PKCS12");
        believed.load(null, null);
        believed.setCertificateEntry("authority", store().getCertificate("authority"));
        trust.init(believed);
        KeyManager[] keys = {};
        if (signer != null) {
            KeyStore shown = signer.store();
            shown.deleteEntry("authority");
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(shown, PASSWORD.toCharArray());
            keys = managers.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    private Path file(String ending) {
        return folder.resolve(name + "-" + ending);
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file("keys.p12"))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private void keytool(String alias, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias",
                alias,
                "-keystore",
                file("keys.p12").toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        Commands.run(folder, Map.of(), Duration.ofMinutes(1), command, null).orFail();
    }
}
