package dev.slipway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes a session's changes into the workspace. */
@Command(name = "apply", description = "Put a session's changes on the workspace's branch, as one commit.")
final class ApplyCommand extends SessionCommand.OnOne {
    @Option(
            names = {"-m", "--message"},
            description = "The commit's message.")
    @Nullable
    String message;

    @Override
    public Integer call() throws InterruptedException {
        var body = Gateway.object();
        if (message != null) {
            body.put("commitMessage", message);
        }
        JsonNode applied = gateway().post(path() + "/apply", body);
        return done(
                applied,
                applied.path("commit").asText() + " on "
                        + applied.path("branch").asText());
    }
}
