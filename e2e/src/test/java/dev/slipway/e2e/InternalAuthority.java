package dev.slipway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManager;
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
    /** A new one. */
    static InternalAuthority in(Path folder, String name) throws IOException, GeneralSecurityException {
        InternalAuthority made = new InternalAuthority(folder, name);
        KeyFile keys = made.keys();
        String request = made.file("csr").toString();
        String signed = made.file("own.pem").toString();
        keys.make("authority", name, "bc:critical=ca:true");
        keys.make("own", "services of " + name);
        keys.keytool("own", "-certreq", "-file", request);
        keys.keytool(
                "authority",
                "-gencert",
                "-rfc",
                "-validity",
                "2",
                "-infile",
                request,
                "-outfile",
                signed,
                "-ext",
                "san=ip:127.0.0.1",
                "-ext",
                "eku=serverAuth,clientAuth");
        keys.keytool(
                "authority", "-exportcert", "-rfc", "-file", made.file("ca.pem").toString());
        Files.writeString(
                made.file("key.pem"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(keys.privateKey("own"))
                        + "\n-----END PRIVATE KEY-----\n");
        keys.keytool("own", "-importcert", "-noprompt", "-file", signed);
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
        believed.setCertificateEntry("authority", keys().read().getCertificate("authority"));
        trust.init(believed);
        KeyManager[] shown = signer == null ? new KeyManager[0] : signer.keys().showing("own");
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown, trust.getTrustManagers(), null);
        return context;
    }

    private KeyFile keys() {
        return new KeyFile(folder, name + "-keys.p12");
    }

    private Path file(String ending) {
        return folder.resolve(name + "-" + ending);
    }
}
