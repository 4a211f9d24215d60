package dev.slipway.kit.tls;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.core.util.StringUtils;
import io.micronaut.http.ssl.ClientAuthentication;
import io.micronaut.http.ssl.ServerSslConfiguration;
import jakarta.inject.Singleton;

/**
 * Makes the service's own port speak TLS, and only with who shows a certificate, health and metrics included. Not at the gateway,
 * whose port is for everybody.
 */
@Singleton
@Requires(property = "slipway.internal.tls.enabled", value = StringUtils.TRUE)
@Requires(property = "slipway.internal.guard", notEquals = StringUtils.FALSE)
final class InternalPort implements BeanCreatedEventListener<ServerSslConfiguration> {
    @Override
    public ServerSslConfiguration onCreated(BeanCreatedEvent<ServerSslConfiguration> event) {
        ServerSslConfiguration configuration = event.getBean();
        configuration.setKeyName(InternalCertificates.NAME);
        configuration.setTrustName(InternalCertificates.NAME);
        configuration.setClientAuthentication(ClientAuthentication.NEED);
        return configuration;
    }
}
