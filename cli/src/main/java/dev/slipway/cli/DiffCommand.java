package dev.slipway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a session has changed. */
@Command(name = "diff", description = "Show what a session has changed, as a patch.")
final class DiffCommand extends SessionCommand.OnOne {
    @Option(names = "--files", description = "Only the names of the files.")
    boolean files;

    @Override
    public Integer call() throws InterruptedException {
        JsonNode diff = gateway().get(path() + "/diff" + (files ? "?format=files" : ""));
        if (json || files) {
            return json ? done(diff, "") : rows(diff.path("files"), "status", "path");
        }
        for (JsonNode file : diff.path("files")) {
            String patch = file.path("patch").asText("");
            String plain = patch.isEmpty()
                    ? file.path("status").asText() + " " + file.path("path").asText() + " (binary)"
                    : patch;
            terminal().out().println(Terminal.printable(plain).stripTrailing());
        }
        return 0;
    }
}
