package dev.slipway.mitm.authority;

import dev.slipway.mitm.address.HostName;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificates that sandboxes see: one per host, minted at the first visit and kept while in use. All share one key, made at start
 * and never stored, since making a key costs more than a signature and the sandbox trusts the authority in any case.
 */
public final class Leaves {
    /** Clients refuse server certificates that are valid for more than 398 days. */
    private static final Duration VALIDITY = Duration.ofDays(390);

    private static final Duration RENEWED_BEFORE_END = Duration.ofDays(30);
    private static final Duration CLOCKS_MAY_DIFFER = Duration.ofDays(2);
    private static final int HOSTS_MAX = 2_000;

    private record Minted(CompletableFuture<SslContext> context, Instant renewAt, CertificateAuthority by) {}

    private final Supplier<CertificateAuthority> signing;
    private final Clock clock;
    private final Executor minting;
    private final KeyPair key;
    private final Map<String, Minted> minted = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Minted> eldest) {
            return size() > HOSTS_MAX;
        }
    };

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
    public CompletableFuture<SslContext> contextFor(HostName host) {
        CertificateAuthority authority = signing.get();
        CompletableFuture<SslContext> mine;
        synchronized (minted) {
            Minted known = minted.get(host.text());
            if (known != null
                    && known.by == authority
                    && known.renewAt.isAfter(clock.instant())
                    && !known.context.isCompletedExceptionally()) {
                return known.context;
            }
            mine = new CompletableFuture<>();
            minted.put(
                    host.text(), new Minted(mine, clock.instant().plus(VALIDITY).minus(RENEWED_BEFORE_END), authority));
        }
        minting.execute(() -> mint(authority, host, mine));
        return mine;
    }

    private void mint(CertificateAuthority authority, HostName host, CompletableFuture<SslContext> waiting) {
        try {
            waiting.complete(context(authority, certificateFor(authority, host)));
        } catch (IOException | GeneralSecurityException | OperatorCreationException | RuntimeException e) {
            waiting.completeExceptionally(e);
        }
    }

    private SslContext context(CertificateAuthority authority, X509Certificate leaf) throws IOException {
        return SslContextBuilder.forServer(key.getPrivate(), leaf, authority.certificate())
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                // The key store holds the key for a moment in memory: deriving a key from a password there is all cost.
                .keyStoreType("JKS")
                // Clients are not asked for certificates; left out, this would be the JDK's list, read anew for each
                // host.
                .trustManager(new NoClients())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1))
                .build();
    }

    X509Certificate certificateFor(HostName host)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        return certificateFor(signing.get(), host);
    }

    private X509Certificate certificateFor(CertificateAuthority authority, HostName host)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Instant from = clock.instant().minus(CLOCKS_MAY_DIFFER);
        var identifiers = new JcaX509ExtensionUtils();
        // Names are limited to 64 characters in a common name; the alternative name is what clients read.
        X500Name subject = new X500Name(host.text().length() <= 64 ? "CN=" + host.text() : "CN=Slipway egress");
        var builder = new JcaX509v3CertificateBuilder(
                        authority.certificate(),
                        Serial.next(),
                        Date.from(from),
                        Date.from(from.plus(VALIDITY)),
                        new javax.security.auth.x500.X500Principal(subject.toString()),
                        key.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternativeName(host)))
                .addExtension(
                        Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key.getPublic()))
                .addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        identifiers.createAuthorityKeyIdentifier(authority.certificate()));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(
                        new JcaContentSignerBuilder(CertificateAuthority.SIGNATURE).build(authority.key())));
    }

    /** The key that all leaves share; known to this package alone. */
    PrivateKey key() {
        return key.getPrivate();
    }

    private static GeneralName alternativeName(HostName host) {
        return host.literal()
                .map(address -> new GeneralName(GeneralName.iPAddress, new DEROctetString(address.getAddress())))
                .orElseGet(() -> new GeneralName(GeneralName.dNSName, host.text()));
    }
}
