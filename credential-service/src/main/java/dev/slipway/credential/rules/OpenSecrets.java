package dev.slipway.credential.rules;

import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.Sealed;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that were opened a short while ago, so that a lookup costs no decryption and outlasts a key service that is away. A
 * secret is known by the very bytes that it rests in: changed bytes are opened again, or refused. It is zeroed when it goes.
 */
@Singleton
class OpenSecrets {
    /** How long a secret stays open. */
    static final Duration KEPT_FOR = Duration.ofMinutes(10);

    private static final int KEPT_MAX = 10_000;

    private final Vault vault;
    private final Map<String, Open> byCredential = new LinkedHashMap<>(16, 0.75f, true);

    OpenSecrets(Vault vault) {
        this.vault = vault;
    }

    /** An opened secret, which the caller zeroes, and the moment ({@link System#nanoTime}) from which on it is to be opened again. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Opened(byte[] secret, long endNanos) {
        void zero() {
            Arrays.fill(secret, (byte) 0);
        }

        @Override
        public String toString() {
            return "Opened[hidden]";
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Open(Sealed sealed, long version, byte[] secret, long endNanos) {
        @Override
        public String toString() {
            return "Open[hidden]";
        }
    }

    /** The secret. */
    Opened of(Credential credential) throws SealedSecretException {
        synchronized (byCredential) {
            Open known = byCredential.get(credential.id());
            if (known != null && known.version == credential.version() && known.sealed.equals(credential.sealed())) {
                return new Opened(known.secret.clone(), known.endNanos);
            }
        }
        byte[] secret = credential.open(vault);
        long end = System.nanoTime() + KEPT_FOR.toNanos();
        Open fresh = new Open(credential.sealed(), credential.version(), secret.clone(), end);
        synchronized (byCredential) {
            forget(byCredential.put(credential.id(), fresh));
            Iterator<Open> eldest = byCredential.values().iterator();
            while (byCredential.size() > KEPT_MAX) {
                forget(eldest.next());
                eldest.remove();
            }
        }
        return new Opened(secret, end);
    }

    @Scheduled(fixedDelay = "1m", initialDelay = "1m")
    void forgetOld() {
        long now = System.nanoTime();
        synchronized (byCredential) {
            byCredential.values().removeIf(open -> {
                boolean old = open.endNanos - now < 0;
                if (old) {
                    forget(open);
                }
                return old;
            });
        }
    }

    @PreDestroy
    void forgetAll() {
        synchronized (byCredential) {
            byCredential.values().forEach(OpenSecrets::forget);
            byCredential.clear();
        }
    }

    private static void forget(@Nullable Open open) {
        if (open != null) {
            Arrays.fill(open.secret, (byte) 0);
        }
    }
}
