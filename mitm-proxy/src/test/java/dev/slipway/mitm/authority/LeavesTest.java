package dev.slipway.mitm.authority;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.mitm.address.HostName;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many hosts share a TLS context, and each handshake shows its own host's certificate all the same. */
@NullMarked
class LeavesTest {
    @TempDir
    Path folder;

    private CertificateAuthority authority;
    private Leaves leaves;

    @BeforeEach
    void make() {
        authority = CertificateAuthority.in(folder.resolve("ca"), Clock.systemUTC());
        leaves = new Leaves(authority, Clock.systemUTC(), Runnable::run);
    }

    @Test
    void eachHandshakeShowsTheCertificateOfItsHost() throws Exception {
        for (int i = 0; i < LeafGroup.LEAVES_MAX + 5; i++) {
            String host = "h" + i + ".example.com";
            assertThat(shownTo(host)).isEqualTo(host);
        }
        assertThat(shownTo("h3.example.com")).isEqualTo("h3.example.com");
    }

    @Test
    void aLeafStaysUntilSomeTwoThousandOthersHaveFollowed() throws Exception {
        var first = leaves.leafFor(HostName.parse("first.example.com"));
        for (int i = 0; i < 1_000; i++) {
            leaves.leafFor(HostName.parse("h" + i + ".example.com"));
        }
        assertThat(leaves.leafFor(HostName.parse("first.example.com"))).isSameAs(first);

        for (int i = 1_000; i < 2_100; i++) {
            leaves.leafFor(HostName.parse("h" + i + ".example.com"));
        }

        assertThat(leaves.leafFor(HostName.parse("first.example.com"))).isNotSameAs(first);
        // Whoever still holds the forgotten one can finish.
        ReferenceCountUtil.release(
                first.join().newHandler(UnpooledByteBufAllocator.DEFAULT).engine());
    }

    @Test
    void sessionsThatMayBeResumedAreFewOnEitherSide() throws Exception {
        SslHandler server =
                leaves.leafFor(HostName.parse("a.example.com")).join().newHandler(UnpooledByteBufAllocator.DEFAULT);
        SslHandler client = UpstreamTrust.load(Optional.empty())
                .handlerFor(HostName.parse("a.example.com"), 443, false, false, UnpooledByteBufAllocator.DEFAULT);

        assertThat(sessionsMax(server)).isPositive().isLessThanOrEqualTo(200);
        assertThat(sessionsMax(client)).isPositive().isLessThanOrEqualTo(1_000);
        ReferenceCountUtil.release(server.engine());
        ReferenceCountUtil.release(client.engine());
    }

    private static int sessionsMax(SslHandler handler) {
        return handler.engine().getSession().getSessionContext().getSessionCacheSize();
    }

    /** The name in the certificate that a client sees which asks for this host and trusts the authority. */
    private String shownTo(String host) throws Exception {
        var trusting = SslContextBuilder.forClient()
                .trustManager(authority.certificate())
                .build();
        SslHandler client = trusting.newHandler(UnpooledByteBufAllocator.DEFAULT, host, 443);
        SslHandler server = leaves.leafFor(HostName.parse(host)).join().newHandler(UnpooledByteBufAllocator.DEFAULT);
        EmbeddedChannel left = new EmbeddedChannel(client);
        EmbeddedChannel right = new EmbeddedChannel(server);
        try {
            for (int i = 0;
                    i < 50
                            && !(client.handshakeFuture().isDone()
                                    && server.handshakeFuture().isDone());
                    i++) {
                pass(left, right);
                pass(right, left);
            }
            assertThat(client.handshakeFuture().isSuccess()).isTrue();
            X509Certificate shown =
                    (X509Certificate) client.engine().getSession().getPeerCertificates()[0];
            return String.valueOf(
                    shown.getSubjectAlternativeNames().iterator().next().get(1));
        } finally {
            left.finishAndReleaseAll();
            right.finishAndReleaseAll();
        }
    }

    private static void pass(EmbeddedChannel from, EmbeddedChannel to) {
        from.runPendingTasks();
        for (Object bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            to.writeInbound(bytes);
        }
    }
}
