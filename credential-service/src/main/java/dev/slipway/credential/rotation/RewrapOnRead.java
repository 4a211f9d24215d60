package dev.slipway.credential.rotation;

import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialStore;
import dev.slipway.credential.vault.Vault;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals anew, when it is read, what an older master key sealed. It is done beside the reading, which does not wait. While
 * replicas change to a new key one after the other, those that still have the old one leave alone what the new one sealed.
 */
@Singleton
public class RewrapOnRead {
    private static final Logger LOG = LoggerFactory.getLogger(RewrapOnRead.class);
    private static final int AT_ONCE_MAX = 16;

    private final CredentialStore store;
    private final MasterKeyHistory history;
    private final Vault vault;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    RewrapOnRead(CredentialStore store, MasterKeyHistory history, Vault vault) {
        this.store = store;
        this.history = history;
        this.vault = vault;
    }

    /** To be called after a credential was opened. */
    public void read(Credential credential) {
        // Reading waits for no key service; Rewrapping asks it which key is the current one.
        String current = vault.knownKeyId();
        if (current == null
                || credential.keyId().equals(current)
                || underWay.size() >= AT_ONCE_MAX
                || !underWay.add(credential.id())) {
            return;
        }
        Thread.ofVirtual().name("rewrap-on-read").start(() -> {
            try {
                if (history.isOlder(credential.keyId(), current)) {
                    store.renew(credential.id(), vault);
                }
            } catch (RuntimeException e) {
                LOG.atWarn()
                        .addKeyValue("credentialId", credential.id())
                        .addKeyValue("reason", e.toString())
                        .log("not sealed anew; will be with the next reading");
            } finally {
                underWay.remove(credential.id());
            }
        });
    }
}
