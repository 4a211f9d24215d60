package dev.slipway.mitm.authority;

import dev.slipway.mitm.address.HostName;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that sandboxes see: one per host, minted at the first visit and kept until some two thousand others have followed. All
 * share one key, made at start and never stored, since making a key costs more than a signature and the sandbox trusts the authority in
 * any case.
 */
public final class Leaves {
    /** Clients refuse server certificates that are valid for more than 398 days. */
    private static final Duration VALIDITY = Duration.ofDays(390);

    private static final Duration RENEWED_BEFORE_END = Duration.ofDays(30);
    private static final int GROUPS_MAX = 20;

    private record Minted(CompletableFuture<Leaf> leaf, Instant renewAt, LeafGroup group) {}

    private final Supplier<CertificateAuthority> signing;
    private final Clock clock;
    private final Executor minting;
    private final KeyPair key;
    private final Map<String, Minted> minted = new HashMap<>();
    private final Deque<LeafGroup> groups = new ArrayDeque<>();
    private long aliases;
    private volatile @Nullable LeafSigner signer;

    /** Leaves of one authority. */
    public Leaves(CertificateAuthority authority, Clock clock, Executor minting) {
        this(() -> authority, clock, minting);
    }

    /**
     * Leaves of the authority that signs at the time, minted on {@code minting} so that no event loop waits for a signature. Those of an
     * authority that signs no more are minted anew.
     */
    public Leaves(Supplier<CertificateAuthority> signing, Clock clock, Executor minting) {
        this.signing = signing;
        this.clock = clock;
        this.minting = minting;
        try {
            this.key = CertificateAuthority.newKey();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key on P-256 to be had", e);
        }
    }

    /** How to answer a handshake for this host; two handshakes at once share one minting. */
    public CompletableFuture<Leaf> leafFor(HostName host) {
        CertificateAuthority authority = signing.get();
        CompletableFuture<Leaf> mine;
        LeafGroup group;
        String alias;
        synchronized (minted) {
            Minted known = minted.get(host.text());
            if (known != null
                    && known.group.authority() == authority
                    && known.renewAt.isAfter(clock.instant())
                    && !known.leaf.isCompletedExceptionally()) {
                return known.leaf;
            }
            try {
                group = groupOf(authority);
            } catch (IOException | RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
            mine = new CompletableFuture<>();
            alias = Long.toString(++aliases);
            minted.put(
                    host.text(), new Minted(mine, clock.instant().plus(VALIDITY).minus(RENEWED_BEFORE_END), group));
        }
        minting.execute(() -> mint(group, alias, host, mine));
        return mine;
    }

    /** A group with a place for one more. With the oldest group all its leaves are forgotten, so what they hold has a limit. */
    private LeafGroup groupOf(CertificateAuthority authority) throws IOException {
        LeafGroup newest = groups.peekLast();
        if (newest != null && newest.authority() == authority && newest.reserve()) {
            return newest;
        }
        LeafGroup next = new LeafGroup(authority, key.getPrivate());
        next.reserve();
        groups.addLast(next);
        if (groups.size() > GROUPS_MAX) {
            LeafGroup oldest = groups.removeFirst();
            minted.values().removeIf(leaf -> leaf.group == oldest);
        }
        return next;
    }

    private void mint(LeafGroup group, String alias, HostName host, CompletableFuture<Leaf> waiting) {
        try {
            waiting.complete(group.add(alias, certificateFor(group.authority(), host)));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            waiting.completeExceptionally(e);
        }
    }

    X509Certificate certificateFor(HostName host) throws IOException, GeneralSecurityException {
        return certificateFor(signing.get(), host);
    }

    private X509Certificate certificateFor(CertificateAuthority authority, HostName host)
            throws IOException, GeneralSecurityException {
        LeafSigner present = signer;
        if (present == null || present.authority() != authority) {
            present = new LeafSigner(authority, key.getPublic());
            signer = present;
        }
        return present.sign(host, clock.instant(), VALIDITY);
    }

    /** The key that all leaves share; known to this package alone. */
    PrivateKey key() {
        return key.getPrivate();
    }
}
