package dev.slipway.credential.oauth;

import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialStore;
import dev.slipway.kit.lease.Leases;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the next token of a credential, once for all who want it: in this process they join one attempt, and among processes a
 * lease lets one of them call. Whoever comes later sees the credential's version or count of failures changed and does not call.
 *
 * <p>A refresh token is good once, so an answer is worth more than the lease it was got under: it is stored as long as the
 * credential still has the token that was sent, see {@link RefreshAttempt}. If the holder dies, the lease ends and the next one
 * asks again with the same token. A provider that had answered the dead one may refuse that; then the user has to sign in again,
 * and is told. Nobody can exclude this but the provider, so it is kept rare: nothing happens between the answer and the commit.
 */
@Singleton
public class Refresher {
    private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** How long a stop waits for answers that are on their way. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(12);

    private final CredentialStore store;
    private final Leases leases;
    private final RefreshAttempt attempt;
    private final RefreshSettings settings;
    private final Map<String, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

    Refresher(CredentialStore store, Leases leases, RefreshAttempt attempt, RefreshSettings settings) {
        this.store = store;
        this.leases = leases;
        this.attempt = attempt;
        this.settings = settings;
    }

    /**
     * Gets the next token, unless somebody did since {@code seen} was read.
     *
     * @param patience how long to wait for it; the attempt goes on without the caller
     * @return the credential as it is then; empty if it is gone
     */
    public Optional<Credential> refresh(Credential seen, Duration patience) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> joined = running.putIfAbsent(seen.id(), mine);
        if (joined == null) {
            Thread.ofVirtual().name("token-refresh").start(() -> {
                try {
                    once(seen);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException e) {
                    LOG.atWarn()
                            .addKeyValue("credentialId", seen.id())
                            .setCause(e)
                            .log("token not refreshed");
                } finally {
                    running.remove(seen.id());
                    mine.complete(null);
                }
            });
        }
        await(joined == null ? mine : joined, patience);
        return store.ofAnyProject(seen.id());
    }

    private void once(Credential seen) throws InterruptedException {
        String lease = "refresh:" + seen.id();
        long end = System.nanoTime() + settings.lease().plusSeconds(5).toNanos();
        while (leases.hold(lease, settings.lease()).isEmpty()) {
            if (System.nanoTime() > end || changed(seen)) {
                return;
            }
            Thread.sleep(LOOK_EVERY);
        }
        try {
            // Looked at again under the lease: another process may have been here before.
            if (!changed(seen)) {
                attempt.run(seen);
            }
        } finally {
            leases.release(lease);
        }
    }

    private boolean changed(Credential seen) {
        return store.ofAnyProject(seen.id())
                .map(present -> present.version() != seen.version()
                        || present.renewal().failures() != seen.renewal().failures())
                .orElse(true);
    }

    private static void await(CompletableFuture<Void> done, Duration patience) {
        try {
            done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // The caller goes on with what there is.
        }
    }

    @PreDestroy
    void finish() {
        await(CompletableFuture.allOf(running.values().toArray(CompletableFuture[]::new)), STOP_WITHIN);
    }
}
