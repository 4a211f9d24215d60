package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.Programs;
import dev.slipway.mitm.testing.RunningProxy;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.ssl.OpenSsl;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where neither epoll nor OpenSSL can be loaded, the JDK's sockets and TLS do the same: a process of its own, since Netty decides once. */
@NullMarked
class WithoutNativeLibrariesTest {
    private static final String HOST = "api.example.com";

    @TempDir
    Path folder;

    @Test
    void theJdkTakesOver() throws Exception {
        String printed = Programs.run(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.handler.ssl.noOpenSsl=true",
                "-Dio.netty.transport.noNative=true",
                "-cp",
                System.getProperty("java.class.path"),
                Both.class.getName(),
                folder.toString());

        assertThat(printed)
                .contains("native false false", "hello 1.1 real-key", "hello 2 real-key", "again 200", "unproven 502");
    }

    /** The other process. */
    static final class Both {
        private Both() {}

        /** One request by each version of HTTP. */
        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            TestOriginCertificates certificates = new TestOriginCertificates(folder);
            System.out.println("native " + Epoll.isAvailable() + " " + OpenSsl.isAvailable());
            try (Origin origin = Origin.tls(certificates.serverOf(HOST), Origin.text("hello"));
                    RunningProxy proxy = new RunningProxy.Builder()
                            .trusting(certificates)
                            .upstreams(HOST + "=https://127.0.0.1:" + origin.port()
                                    + ",other.example.com=https://127.0.0.1:" + origin.port())
                            .allowing("*.example.com")
                            .start()) {
                proxy.rules(RunningProxy.set(HOST, "X-Key", "real-key"));
                for (String version : new String[] {"--http1.1", "--http2"}) {
                    System.out.println(Programs.curl(proxy, version, "-w", " %{http_version}", "https://" + HOST + "/")
                            + " " + origin.heads().getLast().header("X-Key"));
                }
                System.out.println("again " + status(proxy, HOST));
                // The same server, whose certificate does not have this name.
                System.out.println("unproven " + status(proxy, "other.example.com"));
            }
            System.exit(0);
        }

        private static String status(RunningProxy proxy, String host) throws Exception {
            return Programs.curl(proxy, "-o", "/dev/null", "-w", "%{http_code}", "https://" + host + "/");
        }
    }
}
