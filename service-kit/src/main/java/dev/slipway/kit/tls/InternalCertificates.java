package dev.slipway.kit.tls;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.ssl.CertificateProvider;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.KeyStore;
import org.reactivestreams.Publisher;

/** Gives the framework's server what {@link InternalTls} has. */
@Singleton
@Named(InternalCertificates.NAME)
@Requires(bean = InternalTls.class)
final class InternalCertificates implements CertificateProvider {
    static final String NAME = "slipway-internal";

    private final InternalTls tls;

    InternalCertificates(InternalTls tls) {
        this.tls = tls;
    }

    @Override
    public Publisher<KeyStore> getKeyStore() {
        return Publishers.just(tls.own());
    }

    @Override
    public Publisher<KeyStore> getTrustStore() {
        return Publishers.just(tls.authorities());
    }

    @Override
    public String getName() {
        return NAME;
    }
}
