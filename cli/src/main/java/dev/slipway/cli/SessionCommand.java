package dev.slipway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Conversations, each with a sandbox of its own. */
@Command(
        name = "session",
        description = "Conversations, each with a sandbox of its own.",
        subcommands = {
            SessionCommand.Create.class,
            SessionCommand.ListAll.class,
            SessionCommand.Show.class,
            SessionCommand.Stop.class,
            SessionCommand.Resume.class,
            SessionCommand.Upgrade.class,
            SessionCommand.Refresh.class,
            SessionCommand.Delete.class,
        })
final class SessionCommand {
    @Command(name = "create", description = "Create one, and wait until it is ready.")
    static final class Create extends GatewayCommand {
        @Parameters(paramLabel = "WORKSPACE")
        String workspace = "";

        @Option(names = "--agent", description = "The agent's id (default: the project's default agent).")
        @Nullable
        String agent;

        @Option(names = "--name", description = "What to call it.")
        @Nullable
        String name;

        @Option(names = "--base", description = "The branch, tag or commit to start from.")
        @Nullable
        String base;

        @Option(names = "--no-wait", description = "Return at once.")
        boolean impatient;

        @Override
        public Integer call() throws InterruptedException {
            var body = Gateway.object().put("workspaceId", workspace);
            if (agent != null) {
                body.put("agentId", agent);
            }
            if (name != null) {
                body.put("name", name);
            }
            if (base != null) {
                body.put("baseRef", base);
            }
            JsonNode session = gateway().post("sessions", body);
            String id = session.path("id").asText();
            return done(impatient ? session : await("sessions/" + Gateway.encode(id), Set.of("ready")), id);
        }
    }

    @Command(name = "list", description = "List them.")
    static final class ListAll extends GatewayCommand {
        @Option(names = "--workspace", description = "Only those of one workspace.")
        @Nullable
        String workspace;

        @Override
        public Integer call() throws InterruptedException {
            String filter = workspace == null ? "" : "?workspaceId=" + Gateway.encode(workspace);
            return rows(
                    gateway().list("sessions" + filter, "sessions"),
                    "id",
                    "status",
                    "displayName",
                    "branch",
                    "updatedAt");
        }
    }

    /** A command about one session. */
    abstract static class OnOne extends GatewayCommand {
        @Parameters(paramLabel = "SESSION")
        String session = "";

        String path() {
            return "sessions/" + Gateway.encode(session);
        }
    }

    @Command(name = "show", description = "Show one.")
    static final class Show extends OnOne {
        @Override
        public Integer call() throws InterruptedException {
            JsonNode found = gateway().get(path());
            return done(found, found.toPrettyString());
        }
    }

    @Command(name = "stop", description = "Stop its sandbox; files and conversation are kept.")
    static final class Stop extends OnOne {
        @Override
        public Integer call() throws InterruptedException {
            gateway().post(path() + "/stop", Gateway.object());
            return done(await(path(), Set.of("stopped")), "stopped " + session);
        }
    }

    @Command(name = "resume", description = "Start its sandbox again.")
    static final class Resume extends OnOne {
        @Override
        public Integer call() throws InterruptedException {
            gateway().post(path() + "/resume", Gateway.object());
            return done(await(path(), Set.of("ready", "running")), "ready " + session);
        }
    }

    @Command(
            name = "upgrade",
            description = "Replace its sandbox by one of the newest image; files and conversation are kept.")
    static final class Upgrade extends OnOne {
        @Override
        public Integer call() throws InterruptedException {
            gateway().post(path() + "/upgrade", Gateway.object());
            return done(await(path(), Set.of("ready", "running")), "ready " + session);
        }
    }

    @Command(
            name = "refresh",
            description =
                    "Replace the sandboxes of the project's sessions by ones of the newest image, but for those with a turn.")
    static final class Refresh extends GatewayCommand {
        @Option(
                names = "--outdated-only",
                description = "Only those whose image is older than its name stands for now.")
        boolean outdatedOnly;

        @Override
        public Integer call() throws InterruptedException {
            JsonNode found = gateway().post("sessions/refresh?outdatedOnly=" + outdatedOnly, Gateway.object());
            return rows(found.path("sessions"), "sessionId", "action", "outdated", "image", "imageDigest", "newest");
        }
    }

    @Command(name = "delete", description = "Delete it with its sandbox and files; what was applied stays.")
    static final class Delete extends OnOne {
        @Override
        public Integer call() throws InterruptedException {
            return done(gateway().delete(path()), "deleting " + session);
        }
    }
}
