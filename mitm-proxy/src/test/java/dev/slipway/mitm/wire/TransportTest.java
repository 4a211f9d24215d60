package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.testing.NodeServer;
import dev.slipway.mitm.testing.Programs;
import dev.slipway.mitm.testing.RunningProxy;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same by each way to sockets that this machine has. */
@NullMarked
class TransportTest {
    private static final String HOST = "api.example.com";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Transport.Kind.class)
    void bodiesPassBothWaysWithEachVersion(Transport.Kind kind) throws Exception {
        assumeThat(kind.isAvailable()).isTrue();
        try (var server = NodeServer.http2(folder, HOST, 10, true);
                var proxy = new RunningProxy.Builder()
                        .transport(kind)
                        .trusting(new TestOriginCertificates(folder))
                        .upstreams(HOST + "=https://127.0.0.1:" + server.port())
                        .allowing(HOST)
                        .start()) {
            Path file = Programs.file(folder, 5_000_000);

            assertThat(Programs.curl(proxy, "--http1.1", "https://" + HOST + "/"))
                    .isEqualTo("one");
            assertThat(Programs.curl(proxy, "--http2", "-T", file.toString(), "https://" + HOST + "/count"))
                    .isEqualTo("5000000");
            assertThat(Programs.curl(
                            proxy, "--http2", "-o", "/dev/null", "-w", "%{size_download}", "https://" + HOST + "/big"))
                    .isEqualTo("10000000");
            assertThat(Programs.curl(proxy, "-w", "%{http_connect}", "https://no.example.com/"))
                    .contains("403");
        }
    }
}
