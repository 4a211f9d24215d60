package dev.slipway.devstack.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.devstack.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports stay the same from start to start, as long as nobody else has taken them. */
class PortBookTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void aSecondStartTakesTheSamePort() throws IOException {
        int first = book().choose("session-service");

        int second = book().choose("session-service");

        assertThat(second).isEqualTo(first);
    }

    @Test
    void aPortThatSomebodyElseTookIsReplaced() throws IOException {
        int first = book().choose("session-service");

        try (var other = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThat(other.isBound()).isTrue();
            assertThat(book().choose("session-service")).isNotEqualTo(first);
        }
    }

    @Test
    void twoPartsNeverShareAPort() throws IOException {
        PortBook book = book();

        assertThat(book.choose("kafka")).isNotEqualTo(book.choose("postgres"));
    }

    @Test
    void aWantedPortThatIsTakenFailsWithTheWayOut() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> book().require("gateway", other.getLocalPort()))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("Port " + other.getLocalPort() + " on 127.0.0.1 is in use")
                    .hasMessageContaining("./slipway up --port ");
        }
    }

    private PortBook book() throws IOException {
        return new PortBook(directory.resolve("ports.properties"));
    }
}
