package dev.slipway.kit.tls;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.util.StringUtils;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What this service shows the others, and whom of them it believes. Read once, at the start: who changes a certificate restarts the
 * replicas one by one. Only there where TLS between the services is on.
 */
@Singleton
@Requires(property = "slipway.internal.tls.enabled", value = StringUtils.TRUE)
public final class InternalTls {
    private static final char[] NO_PASSWORD = {};

    private final KeyStore own;
    private final KeyStore authorities;

    InternalTls(InternalTlsSettings settings) {
        List<X509Certificate> chain = PemFiles.certificates(settings.certificateFile());
        try {
            own = empty();
            own.setKeyEntry(
                    "own", PemFiles.privateKey(settings.keyFile()), NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            authorities = empty();
            for (X509Certificate authority : PemFiles.certificates(settings.authoritiesFile())) {
                authorities.setCertificateEntry(
                        authority.getSubjectX500Principal() + "#" + authorities.size(), authority);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("slipway.internal.tls: " + e.getMessage(), e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, NO_PASSWORD);
        } catch (IOException e) {
            throw new IllegalStateException("an empty key store cannot be made", e);
        }
        return store;
    }

    KeyStore own() {
        return own;
    }

    KeyStore authorities() {
        return authorities;
    }

    /** This service's certificate and key. */
    public KeyManagerFactory keys() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            return keys;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("slipway.internal.tls: " + e.getMessage(), e);
        }
    }

    /** Believes what the installation's authorities have signed, and nothing else. */
    public TrustManagerFactory trust() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            return trust;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("slipway.internal.tls: " + e.getMessage(), e);
        }
    }

    /** For the JDK's clients. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys().getKeyManagers(), trust().getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("slipway.internal.tls: " + e.getMessage(), e);
        }
    }
}
