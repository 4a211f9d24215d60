package dev.slipway.container.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.testing.EgressStandIn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sandbox trusts when the authority changes. */
@NullMarked
class TrustBundleTest {
    @TempDir
    Path folder;

    @Test
    void aRenewalThatBrokeOffIsDoneAgain() throws Exception {
        SessionDirectories directories = new SessionDirectories(folder.toString());
        SandboxName name = new SandboxName("s-1");
        directories.prepare(name);
        TrustBundle trust = new TrustBundle(directories, "");
        trust.write(name, EgressStandIn.CA);
        String newer = EgressStandIn.CA.replace("c3RhbmQ", "bmV3LWM");
        Path stores = directories.authority(name).resolve("cacerts");
        Files.delete(stores);
        Files.createDirectories(stores.resolve("in-the-way"));
        assertThatThrownBy(() -> trust.renew(name, newer)).isInstanceOf(IOException.class);
        Files.delete(stores.resolve("in-the-way"));
        Files.delete(stores);

        assertThat(trust.renew(name, newer)).isTrue();

        assertThat(stores).isRegularFile();
        assertThat(directories.authority(name).resolve("bundle.pem"))
                .content(StandardCharsets.ISO_8859_1)
                .endsWith(newer);
        assertThat(trust.renew(name, newer)).isFalse();
    }
}
