package dev.slipway.container.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores as a JDK opens them. */
@NullMarked
class JavaTrustStoreTest {
    private final JavaTrustStore stores = new JavaTrustStore();

    @TempDir
    Path folder;

    @Test
    void theOneInTheJdksPlaceIsOpenedWithoutAPasswordAndTheOtherWithIt() throws Exception {
        X509Certificate authority = someAuthority();

        JavaTrustStore.Stores made = stores.of(pem(authority));

        // As a JDK opens its cacerts: the format found by itself, no password.
        File cacerts = Files.write(folder.resolve("cacerts"), made.jks()).toFile();
        assertThat(KeyStore.getInstance(cacerts, (char[]) null).getCertificate("ca-0"))
                .isEqualTo(authority);
        KeyStore told = KeyStore.getInstance("PKCS12");
        told.load(new ByteArrayInputStream(made.pkcs12()), "changeit".toCharArray());
        assertThat(told.getCertificate("ca-0")).isEqualTo(authority);
    }

    private static String pem(X509Certificate certificate) throws Exception {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    /** Any that this JDK trusts. */
    private static X509Certificate someAuthority() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()[0];
    }
}
