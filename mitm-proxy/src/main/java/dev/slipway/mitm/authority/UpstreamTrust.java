package dev.slipway.mitm.authority;

import dev.slipway.mitm.address.HostName;
import dev.slipway.mitm.address.HostPort;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * How the proxy verifies upstream servers: always, by chain and by name. Roots are the JDK's, the system's bundle where there is one,
 * and the operator's {@code trustedCaFile}.
 */
public final class UpstreamTrust {
    private static final List<Path> SYSTEM_BUNDLES =
            List.of(Path.of("/etc/ssl/certs/ca-certificates.crt"), Path.of("/etc/pki/tls/certs/ca-bundle.crt"));
    private static final long HANDSHAKE_MILLIS = 10_000;
    /** Kept to be resumed, two for each server on TLS 1.3. Left alone it would be 20,480, with several KB each. */
    private static final long SESSIONS_MAX = 1_000;

    private final Contexts contexts;
    private final Map<HostPort, SslContext> own;

    /** What the two ways to speak to a server hold outside of the heap goes with the last one who uses them. */
    private static final class Contexts {
        final SslContext http1;
        final SslContext http2;

        Contexts(SslContext http1, SslContext http2) {
            this.http1 = http1;
            this.http2 = http2;
            LeafGroup.CLEANER.register(this, () -> {
                ReferenceCountUtil.release(http1);
                ReferenceCountUtil.release(http2);
            });
        }
    }

    private UpstreamTrust(Contexts contexts, Map<HostPort, SslContext> own) {
        this.contexts = contexts;
        this.own = Map.copyOf(own);
    }

    /** As this one, but for one server that is spoken to in another way: a part of this installation, with its own authority. */
    public UpstreamTrust with(HostPort server, SslContext itsContext) {
        return new UpstreamTrust(contexts, Map.of(server, itsContext));
    }

    /**
     * Reads the roots.
     *
     * @param trustedCaFile more roots in PEM, if the operator has some
     * @throws IllegalStateException if that file cannot be read or holds no certificate
     */
    public static UpstreamTrust load(Optional<Path> trustedCaFile) {
        try {
            KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
            roots.load(null, null);
            addJdkRoots(roots);
            for (Path bundle : SYSTEM_BUNDLES) {
                if (Files.isReadable(bundle)) {
                    add(roots, bundle);
                }
            }
            if (trustedCaFile.isPresent()) {
                addOperators(roots, trustedCaFile.get());
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(roots);
            return new UpstreamTrust(
                    new Contexts(
                            context(factory, ApplicationProtocolNames.HTTP_1_1),
                            context(factory, ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)),
                    Map.of());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("roots for upstream servers: " + e.getMessage(), e);
        }
    }

    private static void addOperators(KeyStore roots, Path file) {
        try {
            add(roots, file);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    "slipway.egress.trusted-ca-file (SLIPWAY_TRUSTED_CA_FILE): " + file
                            + " cannot be used (expected: PEM certificates): " + e.getMessage(),
                    e);
        }
    }

    private static SslContext context(TrustManagerFactory roots, String... versions) throws IOException {
        return SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .trustManager(roots)
                .endpointIdentificationAlgorithm("HTTPS")
                .sessionCacheSize(SESSIONS_MAX)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        versions))
                .build();
    }

    /**
     * A handler that speaks TLS to a server and accepts it only as {@code host}; names also go out as SNI.
     *
     * @param operator whether the operator chose this server; a sandbox gets nothing done by our own certificate
     * @param offerHttp2 whether the server may choose HTTP/2; else HTTP/1.1 is all that it is offered
     */
    public SslHandler handlerFor(
            HostName host, int port, boolean operator, boolean offerHttp2, ByteBufAllocator allocator) {
        SslContext itsOwn = operator ? own.get(new HostPort(host, port)) : null;
        if (itsOwn == null) {
            // The contexts check the name by themselves.
            return withDeadline(
                    (offerHttp2 ? contexts.http2 : contexts.http1).newHandler(allocator, host.text(), port));
        }
        SslHandler handler = itsOwn.newHandler(allocator, host.text(), port);
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        handler.engine().setSSLParameters(parameters);
        return withDeadline(handler);
    }

    private static SslHandler withDeadline(SslHandler handler) {
        handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
        return handler;
    }

    private static void addJdkRoots(KeyStore roots) throws GeneralSecurityException {
        TrustManagerFactory jdk = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        jdk.init((KeyStore) null);
        for (var manager : jdk.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                add(roots, "jdk", List.of(x509.getAcceptedIssuers()));
            }
        }
    }

    private static void add(KeyStore roots, Path bundle) throws IOException, GeneralSecurityException {
        add(roots, bundle.toString(), Pem.certificates(Files.readAllBytes(bundle)));
    }

    private static void add(KeyStore roots, String prefix, List<X509Certificate> certificates)
            throws GeneralSecurityException {
        for (int i = 0; i < certificates.size(); i++) {
            roots.setCertificateEntry(prefix + "#" + i, certificates.get(i));
        }
    }
}
