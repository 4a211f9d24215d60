package dev.slipway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command has: which server, which project, and whether a program reads the output. */
abstract class GatewayCommand implements Callable<Integer> {
    private static final Duration READY_DEADLINE = Duration.ofMinutes(15);
    private static final long POLL_MILLISECONDS = 300;

    @Option(
            names = "--url",
            defaultValue = "${env:SLIPWAY_URL:-http://127.0.0.1:8080}",
            description = "The gateway (default: SLIPWAY_URL, else http://127.0.0.1:8080).")
    String url = "";

    @Option(
            names = {"-p", "--project"},
            defaultValue = "${env:SLIPWAY_PROJECT:-local}",
            description = "The project (default: SLIPWAY_PROJECT, else local).")
    String project = "";

    @Option(names = "--json", description = "Print the server's JSON.")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    private @Nullable Terminal terminal;

    void use(Terminal given) {
        terminal = given;
    }

    Terminal terminal() {
        if (terminal == null) {
            throw new IllegalStateException("no terminal");
        }
        return terminal;
    }

    Gateway gateway() {
        // By the environment only: command lines are for all to see.
        String token = System.getenv("SLIPWAY_TOKEN");
        return new Gateway(url, project, token == null || token.isBlank() ? null : token);
    }

    /** Prints the JSON if it is wanted, else the sentence. */
    int done(JsonNode answer, String sentence) {
        terminal().out().println(json ? answer.toString() : sentence);
        return 0;
    }

    /** Prints the JSON if it is wanted, else a table of the named fields. */
    int rows(JsonNode rows, String... fields) {
        if (json) {
            terminal().out().println(rows);
        } else {
            terminal().table(rows, fields);
        }
        return 0;
    }

    /** Waits until a resource has one of these states; an {@code error} ends the wait with what the server says of it. */
    JsonNode await(String path, Set<String> states) throws InterruptedException {
        Instant deadline = Instant.now().plus(READY_DEADLINE);
        String told = "";
        while (true) {
            JsonNode resource = gateway().get(path);
            String status = resource.path("status").asText();
            if (states.contains(status)) {
                return resource;
            }
            String message = resource.path("statusDetail").path("message").asText("");
            String now = message.isEmpty() ? status : status + ": " + Terminal.printable(message);
            if (!json && !now.equals(told)) {
                terminal().err().println(now);
                told = now;
            }
            if (status.equals("error")) {
                throw new Failure(
                        Failure.REFUSED,
                        Terminal.printable(resource.path("errorMessage").asText("it failed")));
            }
            if (Instant.now().isAfter(deadline)) {
                throw new Failure(
                        Failure.REFUSED, "still " + status + " after " + READY_DEADLINE.toMinutes() + " minutes");
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
    }
}
