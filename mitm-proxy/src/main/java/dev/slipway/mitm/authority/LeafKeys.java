package dev.slipway.mitm.authority;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Chains by alias over one key on P-256; a server's engine names its alias as its peer's host. */
final class LeafKeys extends X509ExtendedKeyManager {
    private static final Set<String> TYPES = Set.of("EC", "EC_EC");

    private final PrivateKey key;
    private final Map<String, X509Certificate[]> chains = new ConcurrentHashMap<>();

    LeafKeys(PrivateKey key) {
        this.key = key;
    }

    void add(String alias, X509Certificate... chain) {
        chains.put(alias, chain);
    }

    KeyManagerFactory factory() {
        return new SimpleKeyManagerFactory() {
            @Override
            protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {
                // The keys are here already.
            }

            @Override
            protected void engineInit(ManagerFactoryParameters parameters) {
                // The same.
            }

            @Override
            protected KeyManager[] engineGetKeyManagers() {
                return new KeyManager[] {LeafKeys.this};
            }
        };
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        String alias = engine == null ? null : engine.getPeerHost();
        return alias != null && TYPES.contains(keyType) && chains.containsKey(alias) ? alias : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        X509Certificate[] chain = chains.get(alias);
        return chain == null ? null : chain.clone();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return chains.containsKey(alias) ? key : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }
}
