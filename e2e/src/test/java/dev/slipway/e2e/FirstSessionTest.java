package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code docs/first-session.md} tells people to paste does what it says. */
@Tag("engine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstSessionTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);

    private Path folder = Path.of("unset");
    private FakeLlm model;
    private Slipway slipway;

    @SuppressWarnings("NullAway.Init") // the fields are set before the first story
    FirstSessionTest() {}

    @BeforeAll
    void start() throws IOException {
        folder = Files.createTempDirectory("slipway-e2e");
        model = FakeLlm.start(folder);
        slipway = Slipway.start(Slipway.Shape.ONE_JVM, folder, model.environment());
    }

    @AfterAll
    void stop() {
        try (FakeLlm _ = model;
                Slipway _ = slipway) {
            // Each story deletes its session.
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude-code", "opencode"})
    void thePageLeadsFromARepositoryToAnAgentsCommit(String agentType) throws IOException {
        Path repository = folder.resolve("first-" + agentType);
        Map<String, String> environment = new HashMap<>(slipway.environment());
        environment.put("ANTHROPIC_API_KEY", model.anthropicKey);
        environment.put("REPO", repository.toString());
        environment.put("AGENT_TYPE", agentType);
        environment.put("PROMPT", "[[script:write path=hello.txt content=\"made by an agent\"]]");

        String script = BLOCK.matcher(Files.readString(Commands.ROOT.resolve("docs/first-session.md")))
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining("\n"));
        Commands.Result run = Commands.run(
                folder, environment, Duration.ofMinutes(4), List.of("bash", "-euo", "pipefail", "-s"), script);

        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output())
                .contains("\"type\":\"finish\"", "data: [DONE]", "+made by an agent", "api.anthropic.com");
        assertThat(Commands.git(repository, "log", "--format=%s").lines()).containsExactly("Add a greeting", "Begin");
        assertThat(run.output()).doesNotContain(model.anthropicKey);
    }

    /** What the README shows for the terminal. */
    @Test
    void theCommandLineLeadsThereToo() throws IOException {
        Path repository = Repositories.small(folder.resolve("by-command"));

        slipway(model.anthropicKey + "\n", "credential", "set", "anthropic");
        String workspace = id(slipway("", "workspace", "add", repository.toString(), "--json"));
        String session = id(slipway("", "session", "create", workspace, "--json"));
        String answer = slipway("", "chat", session, "[[script:write path=hello.txt content=hello]]");
        String diff = slipway("", "diff", session);
        slipway("", "apply", session, "-m", "Greet");
        String egress = slipway("", "egress", session);
        slipway("", "session", "delete", session);

        assertThat(answer).contains("Done.");
        assertThat(diff).contains("+hello");
        assertThat(egress).contains("api.anthropic.com").contains("allowed");
        assertThat(Commands.git(repository, "log", "-1", "--format=%s").strip()).isEqualTo("Greet");
    }

    private String slipway(String input, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("./slipway"));
        command.addAll(List.of(arguments));
        return Commands.run(Commands.ROOT, slipway.environment(), Duration.ofMinutes(3), command, input)
                .orFail();
    }

    /** The last line that is JSON names what was made; progress may come before it. */
    private static String id(String output) throws IOException {
        String json = output.substring(output.indexOf('{'));
        return Api.JSON.readTree(json).path("id").asText();
    }
}
