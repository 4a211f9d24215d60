package dev.slipway.container.command;

import dev.slipway.container.agent.AgentAnswer;
import dev.slipway.container.agent.AgentCall;
import dev.slipway.container.agent.AgentClient;
import dev.slipway.container.agent.ReadySandboxes;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks agent to run what the operator allows. The answer comes as agent gives it, and a client who goes ends the command. */
@Singleton
class Commands {
    private static final Duration SILENCE_MAX = Duration.ofSeconds(20);
    private static final int ERROR_BYTES_MAX = 16 * 1024;
    private static final String WHERE = "CMD_ALLOWLIST (slipway.commands.allow)";

    private final ReadySandboxes sandboxes;
    private final CommandAllowlist allowed;
    private final CommandSettings settings;
    private final AgentClient agents;
    private final SandboxStore store;
    private final ObjectMapper json;

    Commands(
            ReadySandboxes sandboxes,
            CommandAllowlist allowed,
            CommandSettings settings,
            AgentClient agents,
            SandboxStore store,
            ObjectMapper json) {
        this.sandboxes = sandboxes;
        this.allowed = allowed;
        this.settings = settings;
        this.agents = agents;
        this.store = store;
        this.json = json;
    }

    AgentAnswer run(String project, String session, SandboxCommand command) {
        sandboxes.any(project, session);
        List<String> words = words(command);
        if (!allowed.allows(words)) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN,
                    "command-not-allowed",
                    allowed.isEmpty()
                            ? "No command may be run: " + WHERE
                                    + " is empty. Whoever runs Slipway lists commands there."
                            : "This command is not among those that may be run. Whoever runs Slipway lists them in "
                                    + WHERE + ".");
        }
        long timeout = timeout(command);
        sandboxes.ready(project, session);
        store.touch(session);
        return ask(new SandboxName(session), words, command.cwd() == null ? "" : command.cwd(), timeout);
    }

    private AgentAnswer ask(SandboxName name, List<String> words, String folder, long timeout) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("command", words);
        body.put("cwd", folder);
        body.put("timeoutMs", timeout);
        body.put("outputBytes", settings.outputBytes());
        try {
            AgentCall call = AgentCall.of("POST", "/exec", "application/json", json.writeValueAsBytes(body));
            AgentAnswer answer = agents.send(name, call, SILENCE_MAX);
            if (answer.status() == HttpStatus.OK.getCode()) {
                return answer;
            }
            try (answer) {
                throw refused(answer);
            }
        } catch (IOException e) {
            throw ProblemException.of(
                    HttpStatus.BAD_GATEWAY,
                    "agent-broken",
                    "The agent in the sandbox does not answer. Try again in a moment; if it stays, restart the session.");
        }
    }

    private ProblemException refused(AgentAnswer answer) throws IOException {
        Map<?, ?> problem = json.readValue(answer.body().readNBytes(ERROR_BYTES_MAX), Map.class);
        String detail = problem == null ? "" : String.valueOf(problem.get("detail"));
        return switch (answer.status()) {
            case 400, 404 -> ProblemException.invalid("cwd", detail);
            case 503 -> ProblemException.starting(detail, Duration.ofSeconds(2));
            default -> ProblemException.unprocessable("cmd", detail);
        };
    }

    private static List<String> words(SandboxCommand command) {
        String line = command.cmd();
        if (line == null || line.isBlank()) {
            throw ProblemException.invalid("cmd", "missing (expected: a command)");
        }
        if (line.getBytes(StandardCharsets.UTF_8).length > 32 * 1024) {
            throw ProblemException.invalid("cmd", "too long (expected: at most 32 KB)");
        }
        try {
            return CommandWords.of(line);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("cmd", String.valueOf(e.getMessage()));
        }
    }

    private long timeout(SandboxCommand command) {
        Long wanted = command.timeoutMs();
        if (wanted == null) {
            return settings.timeout().toMillis();
        }
        if (wanted < 1 || wanted > settings.timeoutMax().toMillis()) {
            throw ProblemException.invalid(
                    "timeoutMs",
                    wanted + " (expected: 1 to " + settings.timeoutMax().toMillis() + ")");
        }
        return wanted;
    }
}
