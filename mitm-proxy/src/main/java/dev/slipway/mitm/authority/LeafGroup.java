package dev.slipway.mitm.authority;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some leaves of one authority that share a TLS context, since making a context costs as much as a signature. Which certificate a
 * connection shows is told by the alias that its engine carries in place of its peer's name.
 */
final class LeafGroup {
    /** Enough that the context costs next to nothing for each leaf; few enough that a group may be forgotten as a whole. */
    static final int LEAVES_MAX = 100;

    /**
     * Of clients of TLS 1.2 without tickets, to be resumed; all others bring theirs along. Left alone it would be 20,480, and a client
     * that comes again and again could fill the memory with them.
     */
    private static final long SESSIONS_MAX = 200;

    /**
     * How keys are agreed on with sandboxes, the first that both know. Their connections stay on the machine or in the cluster, so the exchange
     * that withstands quantum computers, several times as costly, is for clients that accept no other; towards servers it comes first.
     */
    private static final String[] GROUPS = {"x25519", "secp256r1", "secp384r1", "secp521r1", "X25519MLKEM768"};

    private static final Logger LOG = LoggerFactory.getLogger(LeafGroup.class);

    /** Gives back what TLS contexts hold outside of the heap. */
    static final Cleaner CLEANER = Cleaner.create();

    private final CertificateAuthority authority;
    private final LeafKeys keys;
    private final SslContext context;
    private int reserved;

    LeafGroup(CertificateAuthority authority, PrivateKey key) throws IOException {
        this.authority = authority;
        this.keys = new LeafKeys(key);
        this.context = context(keys);
        // Connections retain the context for themselves; the group's own hold ends with the group.
        SslContext held = context;
        CLEANER.register(this, () -> ReferenceCountUtil.release(held));
    }

    private static SslContext context(LeafKeys keys) throws IOException {
        boolean openSsl = OpenSsl.isAvailable();
        KeyManagerFactory factory = keys.factory();
        SslContextBuilder builder = SslContextBuilder.forServer(
                        openSsl ? new OpenSslCachingX509KeyManagerFactory(factory, LEAVES_MAX) : factory)
                .sslProvider(openSsl ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                // Clients are not asked for certificates; left out, this would be the JDK's list, read anew each time.
                .trustManager(new NoClients())
                .sessionCacheSize(SESSIONS_MAX)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1));
        if (!openSsl) {
            return builder.build();
        }
        try {
            return builder.option(OpenSslContextOption.GROUPS, GROUPS).build();
        } catch (IOException unknown) {
            // A library that lacks one of them takes none of them: then those that it prefers by itself.
            LOG.atWarn().setCause(unknown).log("key exchanges with sandboxes: the library's own");
            return builder.option(OpenSslContextOption.GROUPS, null).build();
        }
    }

    CertificateAuthority authority() {
        return authority;
    }

    /** Takes one of the places; false if there is none left. Called under the lock of {@link Leaves}. */
    boolean reserve() {
        return reserved++ < LEAVES_MAX;
    }

    Leaf add(String alias, X509Certificate certificate) {
        keys.add(alias, certificate);
        return new Leaf(this, alias);
    }

    SslHandler newHandler(ByteBufAllocator allocator, String alias) {
        return context.newHandler(allocator, alias, -1);
    }
}
