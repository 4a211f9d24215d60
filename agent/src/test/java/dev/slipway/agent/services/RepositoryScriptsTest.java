package dev.slipway.agent.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.agent.http.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a repository brings for its sessions is found, run, told and ended. */
@Timeout(60)
class RepositoryScriptsTest {
    @TempDir
    private Path folder;

    private Path workspace;

    @BeforeEach
    void make() throws IOException {
        workspace = Files.createDirectories(folder.resolve("workspace"));
    }

    @Test
    void aSetupHookRunsOnceInASessionsLife() throws Exception {
        script(".slipway/hooks/b-install.sh", "echo installing; echo ran >> ran.txt");
        script(".octobot/hooks/a-failing.sh", "echo oh no >&2; exit 3");
        script(".slipway/hooks/later.sh", "# ---\n# name: Lint\n# type: file\n# ---\necho never");

        hooks().runSetup();
        Hooks again = hooks();
        again.runSetup();

        assertThat(workspace.resolve("ran.txt")).hasContent("ran");
        JsonNode status = again.status().path("hooks");
        assertThat(status.path("b-install").path("lastResult").asText()).isEqualTo("success");
        assertThat(status.path("a-failing").path("lastResult").asText()).isEqualTo("failure");
        assertThat(status.path("a-failing").path("lastExitCode").asInt()).isEqualTo(3);
        assertThat(status.path("later").path("lastResult").asText()).isEqualTo("pending");
        assertThat(status.path("later").path("hookName").asText()).isEqualTo("Lint");
        assertThat(again.output("a-failing")).isEqualTo("oh no\n");
        assertThat(again.rerun("b-install")).hasValue(0);
        assertThat(again.rerun("nothing")).isEmpty();
    }

    @Test
    void nothingOfWhatAHookWroteBeforeItEndedIsLost() throws Exception {
        script(".slipway/hooks/talks.sh", "head -c 60000 /dev/zero | tr '\\0' x; echo; echo done");
        Hooks hooks = hooks();
        hooks.runSetup();

        for (int i = 0; i < 40; i++) {
            assertThat(hooks.rerun("talks")).hasValue(0);
            assertThat(hooks.output("talks"))
                    .hasSize(60_000 + "\ndone\n".length())
                    .endsWith("x\ndone\n");
        }
    }

    @Test
    void aServiceIsStartedListedAndStoppedWithAllThatItStarted() throws Exception {
        script(
                ".slipway/services/web.sh",
                "#!/bin/sh\n#---\n# name: \"Web\"\n# http: 5173\n# path: /app\n#---\necho port $PORT; sleep 1000 & wait");
        script(".slipway/services/database.yml", "---\nname: Database\nhttp: 8081\n---\n");
        try (Services services = new Services(workspace, folder.resolve("scripts"), Map::of, Clock.systemUTC())) {
            services.start("web");

            JsonNode web = services.list().get(1);
            assertThat(web.path("name").asText()).isEqualTo("Web");
            assertThat(web.path("http").asInt()).isEqualTo(5173);
            assertThat(web.path("path").asText()).isEqualTo("/app");
            assertThat(web.path("status").asText()).isEqualTo("running");
            await().untilAsserted(() -> assertThat(services.output("web")).isEqualTo("port 5173\n"));
            assertRefused(409, () -> services.start("web"));
            assertThat(services.list().get(0).path("passive").asBoolean()).isTrue();
            assertRefused(400, () -> services.start("database"));
            assertRefused(404, () -> services.start("nothing"));
            ProcessHandle shell = ProcessHandle.of(web.path("pid").asLong()).orElseThrow();
            await().until(() -> shell.children().findFirst().isPresent());
            ProcessHandle sleeper = shell.children().findFirst().orElseThrow();

            services.stop("web");

            await().until(() -> !sleeper.isAlive());
            await().untilAsserted(() ->
                    assertThat(services.list().get(1).path("status").asText()).isEqualTo("stopped"));
            assertRefused(400, () -> services.stop("web"));
        }
    }

    @Test
    void whatAServiceSaysAtItsEndIsKept() throws Exception {
        script(".slipway/services/polite.sh", "trap 'echo saved; exit 0' TERM\necho up\nsleep 1000 & wait");
        try (Services services = new Services(workspace, folder.resolve("scripts"), Map::of, Clock.systemUTC())) {
            services.start("polite");
            await().untilAsserted(() -> assertThat(services.output("polite")).isEqualTo("up\n"));

            services.stop("polite");

            await().untilAsserted(() -> assertThat(services.output("polite")).isEqualTo("up\nsaved\n"));
        }
    }

    private static void assertRefused(int status, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(status));
    }

    private Hooks hooks() {
        return Hooks.of(workspace, folder.resolve("scripts"), Map::of, Clock.systemUTC());
    }

    private void script(String path, String content) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
