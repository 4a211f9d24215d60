package dev.slipway.mitm.authority;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.mitm.address.HostName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        leaves = new Leaves(authority, Clock.systemUTC());
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
                first.newHandler(UnpooledByteBufAllocator.DEFAULT).engine());
    }

    @Test
    void theAuthorityIsNotSentSinceWhoeverTrustsItHasIt() throws Exception {
        try (Handshake handshake = new Handshake("a.example.com")) {
            assertThat(handshake.shown()).hasSize(1);
            handshake.shown()[0].verify(authority.certificate().getPublicKey());
        }
    }

    /** A share of X25519 has 32 bytes, one of the exchange that withstands quantum computers 1,120; to be asked for another share, none. */
    @Test
    void sandboxesGetTheCheaperKeyExchangeAndTheOtherIfTheyAcceptNoneBut() throws Exception {
        try (Handshake both = new Handshake("a.example.com", "X25519MLKEM768", "x25519");
                Handshake one = new Handshake("a.example.com", "X25519MLKEM768")) {
            assertThat(both.helloBytes()).isBetween(110, 200);
            assertThat(one.helloBytes()).isBetween(1_100, 1_300);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "x25519"})
    void whoKnowsOneKeyExchangeOnlyGetsThat(String group) throws Exception {
        try (Handshake handshake = new Handshake("a.example.com", group)) {
            assertThat(handshake.shown()).hasSize(1);
        }
    }

    @Test
    void manyWhoAskForOneNewHostAtOnceAllGetOneThatHolds() throws Exception {
        int askers = 16;
        CyclicBarrier together = new CyclicBarrier(askers);
        try (ExecutorService threads = Executors.newFixedThreadPool(askers)) {
            for (int round = 0; round < 20; round++) {
                HostName host = HostName.parse("r" + round + ".example.com");
                List<Future<Leaf>> asked = new ArrayList<>();
                for (int i = 0; i < askers; i++) {
                    asked.add(threads.submit(() -> {
                        together.await(10, TimeUnit.SECONDS);
                        return leaves.leafFor(host);
                    }));
                }
                for (Future<Leaf> leaf : asked) {
                    ReferenceCountUtil.release(leaf.get(10, TimeUnit.SECONDS)
                            .newHandler(UnpooledByteBufAllocator.DEFAULT)
                            .engine());
                }
                assertThat(shownTo(host.text())).isEqualTo(host.text());
                assertThat(leaves.leafFor(host)).isSameAs(leaves.leafFor(host));
            }
        }
    }

    @Test
    void sessionsThatMayBeResumedAreFewOnEitherSide() throws Exception {
        SslHandler server =
                leaves.leafFor(HostName.parse("a.example.com")).newHandler(UnpooledByteBufAllocator.DEFAULT);
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
        try (Handshake handshake = new Handshake(host)) {
            X509Certificate leaf = (X509Certificate) handshake.shown()[0];
            return String.valueOf(
                    leaf.getSubjectAlternativeNames().iterator().next().get(1));
        }
    }

    /** A client that trusts the authority has connected. */
    private final class Handshake implements AutoCloseable {
        private final EmbeddedChannel left;
        private final EmbeddedChannel right;
        private final SslHandler client;
        private int helloBytes;

        /** {@code groups} is how the client would agree on keys; Netty's own choice if there is none. */
        Handshake(String host, String... groups) throws Exception {
            SslContext context = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.OPENSSL_REFCNT)
                    .trustManager(authority.certificate())
                    .build();
            client = context.newHandler(UnpooledByteBufAllocator.DEFAULT, host, 443);
            ReferenceCountUtil.release(context);
            if (groups.length > 0) {
                SSLParameters parameters = client.engine().getSSLParameters();
                parameters.setNamedGroups(groups);
                client.engine().setSSLParameters(parameters);
            }
            SslHandler server = leaves.leafFor(HostName.parse(host)).newHandler(UnpooledByteBufAllocator.DEFAULT);
            left = new EmbeddedChannel(client);
            right = new EmbeddedChannel(server);
            for (int i = 0;
                    i < 50
                            && !(client.handshakeFuture().isDone()
                                    && server.handshakeFuture().isDone());
                    i++) {
                pass(left, right).forEach(ByteBuf::release);
                for (ByteBuf bytes : pass(right, left)) {
                    helloBytes = helloBytes == 0 ? bytes.getUnsignedShort(3) : helloBytes;
                    bytes.release();
                }
            }
            assertThat(client.handshakeFuture().isSuccess()).isTrue();
        }

        Certificate[] shown() throws Exception {
            return client.engine().getSession().getPeerCertificates();
        }

        /** The length of the server's first record, which is its hello. */
        int helloBytes() {
            return helloBytes;
        }

        private static List<ByteBuf> pass(EmbeddedChannel from, EmbeddedChannel to) {
            List<ByteBuf> passed = new ArrayList<>();
            from.runPendingTasks();
            for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
                passed.add(bytes.copy());
                to.writeInbound(bytes);
            }
            return passed;
        }

        @Override
        public void close() {
            left.finishAndReleaseAll();
            right.finishAndReleaseAll();
        }
    }
}
