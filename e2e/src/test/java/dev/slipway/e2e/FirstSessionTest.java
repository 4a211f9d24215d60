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
}
