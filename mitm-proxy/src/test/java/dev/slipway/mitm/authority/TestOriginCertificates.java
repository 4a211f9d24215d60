package dev.slipway.mitm.authority;

import dev.slipway.mitm.address.HostName;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority that stands for the public ones, and servers' certificates from it. */
public final class TestOriginCertificates {
    private final CertificateAuthority authority;
    private final Leaves leaves;
    private final Path pem;

    public TestOriginCertificates(Path folder) throws Exception {
        this.authority = CertificateAuthority.in(folder, Clock.systemUTC());
        this.leaves = new Leaves(authority, Clock.systemUTC());
        this.pem = folder.resolve("ca.pem");
        if (!java.nio.file.Files.exists(pem)) {
            throw new IllegalStateException("no authority in " + folder);
        }
    }

    /** What the proxy is to trust. */
    public Path pem() {
        return pem;
    }

    /** What a server of this name speaks TLS with. */
    public SSLContext serverOf(String host) throws Exception {
        X509Certificate certificate = leaves.certificateFor(HostName.parse(host));
        return context(leaves.key(), certificate, authority.certificate());
    }

    /** A key and the certificates that go with it, for servers that read files. */
    public record Files(Path key, Path chain) {}

    /** The same as {@link #serverOf} in files. */
    public Files filesOf(Path folder, String host) throws Exception {
        Path key = folder.resolve(host + ".key");
        Path chain = folder.resolve(host + ".pem");
        java.nio.file.Files.writeString(key, Pem.of(leaves.key()));
        java.nio.file.Files.writeString(
                chain, Pem.of(leaves.certificateFor(HostName.parse(host))) + Pem.of(authority.certificate()));
        return new Files(key, chain);
    }

    /** What a client that trusts this certificate speaks TLS with. */
    public static SSLContext clientTrusting(X509Certificate root) throws Exception {
        KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
        roots.load(null, null);
        roots.setCertificateEntry("root", root);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static SSLContext context(PrivateKey key, Certificate... chain) throws Exception {
        KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        keys.setKeyEntry("server", key, new char[0], chain);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
