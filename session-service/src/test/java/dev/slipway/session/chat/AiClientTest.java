package dev.slipway.session.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.identity.Role;
import dev.slipway.session.testing.Suite;
import dev.slipway.session.transcript.RecordedStreams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The npm package {@code ai}, as users' own interfaces have it, in its versions 5, 6 and 7. Needs Node 20 with npm. */
@Timeout(240)
class AiClientTest {
    private static final Path CLIENT =
            Path.of("../e2e/ai-client").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @BeforeAll
    static void install() throws Exception {
        assumeTrue(isThere("node") && isThere("npm"), "needs Node with npm on PATH");
        if (!Files.isDirectory(CLIENT.resolve("node_modules/ai7"))) {
            run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
        }
    }

    private static boolean isThere(String command) {
        try {
            return new ProcessBuilder(command, "--version").start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(CLIENT.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s", output).isZero();
        return output;
    }

    @Test
    void postsStreamsReloadsRegeneratesAndResumes() throws Exception {
        try (Suite suite = new Suite(Map.of())) {
            List<String> command = new ArrayList<>(List.of("node", "client.mjs", "--talk"));
            command.add("http://127.0.0.1:" + suite.port() + "/internal/projects/" + suite.project);
            command.add(IdentityTokens.HEADER + ": " + suite.token(Role.MEMBER));
            for (int version = 5; version <= 7; version++) {
                command.add(suite.readySession());
            }

            String output = run(command);

            assertThat(output).contains("ai 5: posts", "ai 6: posts", "ai 7: posts");
        }
    }

    @Test
    void refusesNoChunkOfAnyRecordedAgent() throws Exception {
        int written = RecordedStreams.write(folder);

        String output = run(List.of("node", "client.mjs", "--parse", folder.toString()));

        assertThat(written).isGreaterThan(20);
        assertThat(output).contains("ai 5: " + written, "ai 6: " + written, "ai 7: " + written);
    }
}
