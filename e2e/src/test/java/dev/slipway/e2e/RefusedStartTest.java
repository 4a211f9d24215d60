package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A start with a setting that cannot be right ends soon and says which one it is, instead of trying again and again; nothing of it is left
 * running.
 */
@Tag("engine")
class RefusedStartTest {
    @ParameterizedTest
    @CsvSource({"ONE_JVM, SLIPWAY_UPSTREAMS, api.example.com", "ISOLATED, SLIPWAY_TRUSTED_CA_FILE, /nowhere/ca.pem"})
    void itSaysWhichSettingCannotBeRight(Slipway.Shape shape, String setting, String value) throws IOException {
        Path home = Files.createTempDirectory("slw");
        Map<String, String> environment =
                Map.of("SLIPWAY_HOME", home.toString(), "SLIPWAY_ENGINE", "docker", setting, value);
        List<String> command = new ArrayList<>(List.of("./slipway", "up", "--detach", "--yes", "--port", "0"));
        if (shape == Slipway.Shape.ISOLATED) {
            command.add("--isolated");
        }

        // Half of the time after which a service that only hangs is given up.
        Commands.Result start = Commands.run(Commands.ROOT, environment, Duration.ofSeconds(60), command, null);

        assertThat(start.exitCode()).isEqualTo(1);
        assertThat(start.output()).contains(setting).contains(value).contains("Its log is " + home);
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(home.toString())))
                .isEmpty();
    }
}
