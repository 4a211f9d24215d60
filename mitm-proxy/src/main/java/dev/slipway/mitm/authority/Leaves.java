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

    private record Minted(Leaf leaf, Instant renewAt, LeafGroup group) {}

    private final Supplier<CertificateAuthority> signing;
    private final Clock clock;
    private final KeyPair key;
    private final Map<String, Minted> minted = new HashMap<>();
    private final Deque<LeafGroup> groups = new ArrayDeque<>();
    private long aliases;
    private volatile @Nullable LeafSigner signer;

    /** Leaves of one authority. */
    public Leaves(CertificateAuthority authority, Clock clock) {
        this(() -> authority, clock);
    }

    /** Leaves of the authority that signs at the time. Those of an authority that signs no more are minted anew. */
    public Leaves(Supplier<CertificateAuthority> signing, Clock clock) {
        this.signing = signing;
        this.clock = clock;
        try {
            this.key = CertificateAuthority.newKey();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key on P-256 to be had", e);
        }
    }

    /**
     * How to answer a handshake for this host. One that is new is minted by the caller: that takes less than the handshake which comes
     * next on the same event loop, and less than to hand it to another thread and back. Two who ask for it at once may both mint it.
     *
     * @throws IOException or GeneralSecurityException if it cannot be minted; the next who asks tries again
     */
    public Leaf leafFor(HostName host) throws IOException, GeneralSecurityException {
        CertificateAuthority authority = signing.get();
        LeafGroup group;
        String alias;
        synchronized (minted) {
            Minted known = minted.get(host.text());
            if (known != null && known.group.authority() == authority && known.renewAt.isAfter(clock.instant())) {
                return known.leaf;
            }
            group = groupOf(authority);
            alias = Long.toString(++aliases);
        }
        Leaf leaf = group.add(alias, certificateFor(authority, host));
        synchronized (minted) {
            if (groups.contains(group)) {
                minted.put(
                        host.text(),
                        new Minted(leaf, clock.instant().plus(VALIDITY).minus(RENEWED_BEFORE_END), group));
            }
        }
        return leaf;
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
