package dev.slipway.credential.outgoing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator wrote wrong is said when the service starts, with the setting's name. */
class MalformedSettingsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.example.com",
                "=https://llm.example.com",
                "api.example.com=llm.example.com",
                "api.example.com=ftp://llm.example.com",
                "api.example.com=https://",
                "api.example.com=http://two words"
            })
    void anUpstreamThatIsNoHostAndWebAddressIsRefused(String entry) {
        assertThatThrownBy(() -> new OutgoingHttp(settings(List.of(entry), "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SLIPWAY_UPSTREAMS")
                .hasMessageContaining(entry);
    }

    @Test
    void aFileOfRootsThatHoldsNoneIsRefused() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        Path key = Files.writeString(
                folder.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        for (Path file : List.of(empty, key, folder.resolve("missing.pem"))) {
            assertThatThrownBy(() -> new OutgoingHttp(settings(List.of(), file.toString())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("SLIPWAY_TRUSTED_CA_FILE")
                    .hasMessageContaining(file.toString());
        }
    }

    private static OutgoingSettings settings(List<String> upstreams, String roots) {
        return new OutgoingSettings(upstreams, List.of(), roots, Duration.ofSeconds(1));
    }
}
