import io.netty.handler.codec.http.HttpRequest;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.littleshoot.proxy.HttpFiltersSourceAdapter;
import org.littleshoot.proxy.MitmManager;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;
import org.littleshoot.proxy.mitm.Authority;
import org.littleshoot.proxy.mitm.BouncyCastleSslEngineSource;
import org.littleshoot.proxy.mitm.SubjectAlternativeNameHolder;

/** LittleProxy with its module for TLS, a certificate for each host. Arguments: folder, port. Any name is the origin on loopback. */
public final class LittleProxyUnderTest {
    private LittleProxyUnderTest() {}

    /** Runs until it is ended. */
    public static void main(String[] arguments) throws Exception {
        Authority authority = new Authority(
                new File(arguments[0]), "bench", "password".toCharArray(), "bench", "bench", "bench", "bench", "bench");
        BouncyCastleSslEngineSource engines = new BouncyCastleSslEngineSource(authority, false, false);
        DefaultHttpProxyServer.bootstrap()
                .withPort(Integer.parseInt(arguments[1]))
                .withFiltersSource(new HttpFiltersSourceAdapter())
                .withServerResolver((host, port) -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .withManInTheMiddle(new MitmManager() {
                    @Override
                    public SSLEngine serverSslEngine(String host, int port) {
                        return engines.newSslEngine(host, port);
                    }

                    @Override
                    public SSLEngine serverSslEngine() {
                        return engines.newSslEngine();
                    }

                    @Override
                    public SSLEngine clientSslEngineFor(HttpRequest connect, SSLSession server) {
                        String host = connect.uri().split(":")[0];
                        try {
                            SubjectAlternativeNameHolder names = new SubjectAlternativeNameHolder();
                            names.addDomainName(host);
                            return engines.createCertForHost(host, names);
                        } catch (Exception e) {
                            throw new IllegalStateException(host, e);
                        }
                    }
                })
                .start();
        Thread.currentThread().join();
    }
}
