package dev.slipway.cli;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Repositories that agents may work on. */
@Command(
        name = "workspace",
        description = "Repositories that agents may work on.",
        subcommands = {WorkspaceCommand.Add.class, WorkspaceCommand.ListAll.class, WorkspaceCommand.Remove.class})
final class WorkspaceCommand {
    @Command(name = "add", description = "Add a local folder or a repository's URL, and wait until it is ready.")
    static final class Add extends GatewayCommand {
        @Parameters(paramLabel = "PATH|URL")
        String source = "";

        @Option(names = "--name", description = "What to call it.")
        @Nullable
        String name;

        @Override
        public Integer call() throws InterruptedException {
            boolean remote = source.contains("://") || source.matches("[\\w.-]+@[\\w.-]+:.+");
            var body = Gateway.object().put("sourceType", remote ? "git" : "local");
            body.put(
                    "path",
                    remote
                            ? source
                            : Path.of(source).toAbsolutePath().normalize().toString());
            if (name != null) {
                body.put("displayName", name);
            }
            String id = gateway().post("workspaces", body).path("id").asText();
            var workspace = await("workspaces/" + id, Set.of("ready"));
            return done(workspace, id);
        }
    }

    @Command(name = "list", description = "List them.")
    static final class ListAll extends GatewayCommand {
        @Override
        public Integer call() throws InterruptedException {
            return rows(gateway().list("workspaces", "workspaces"), "id", "status", "displayName", "path");
        }
    }

    @Command(name = "remove", description = "Remove one; the repository itself is left alone.")
    static final class Remove extends GatewayCommand {
        @Parameters(paramLabel = "WORKSPACE")
        String workspace = "";

        @Override
        public Integer call() throws InterruptedException {
            return done(gateway().delete("workspaces/" + Gateway.encode(workspace)), "removed " + workspace);
        }
    }
}
