package dev.slipway.gateway;

import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextConfiguration;
import io.micronaut.context.DefaultApplicationContext;
import io.micronaut.context.DefaultApplicationContextBuilder;
import io.micronaut.inject.BeanDefinitionReference;
import io.micronaut.runtime.server.EmbeddedServer;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts gateways for tests. */
public final class Gateways {
    private Gateways() {}

    /** One without login, whose services are all at this address. */
    public static EmbeddedServer anonymous(String serviceUrl, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(EmbeddedServers.properties());
        for (String service : new String[] {
            "workspace-service", "session-service", "container-service", "credential-service", "mitm-proxy"
        }) {
            properties.put("slipway.services." + service + ".url", serviceUrl);
        }
        properties.putAll(more);
        return start(properties);
    }

    /** One with login, whose services are all at this address; the first user registers with the code {@code first}. */
    public static EmbeddedServer withLogin(String serviceUrl, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "slipway.auth.enabled", "true",
                "slipway.auth.bootstrap-code", "first",
                "slipway.auth.signing-key", signingKey(),
                "slipway.rate.address", "0",
                "slipway.rate.user", "0",
                "slipway.rate.token", "0"));
        settings.putAll(more);
        return anonymous(serviceUrl, settings);
    }

    /** A fresh key of access tokens. */
    public static String signingKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(encoded)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EmbeddedServer start(Map<String, Object> properties) {
        return new Builder()
                .properties(properties)
                .start()
                .getBean(EmbeddedServer.class)
                .start();
    }

    private static final class Builder extends DefaultApplicationContextBuilder {
        @Override
        protected ApplicationContext newApplicationContext() {
            return new Context(this);
        }
    }

    /** Without the beans that the kit's own tests made for themselves, which its test jar holds too. */
    @SuppressWarnings("overrides") // the framework's own inconsistency, inherited
    private static final class Context extends DefaultApplicationContext {
        Context(ApplicationContextConfiguration configuration) {
            super(configuration);
        }

        @SuppressWarnings("rawtypes") // as the framework has it
        @Override
        protected List<BeanDefinitionReference> resolveBeanDefinitionReferences() {
            return super.resolveBeanDefinitionReferences().stream()
                    .filter(reference -> !reference.getName().matches("dev\\.slipway\\.kit\\..*Test\\$.*"))
                    .toList();
        }
    }
}
