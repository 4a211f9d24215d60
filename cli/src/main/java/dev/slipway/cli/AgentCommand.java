package dev.slipway.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The agents that sessions can run. */
@Command(
        name = "agent",
        description = "The agents that sessions can run.",
        subcommands = {AgentCommand.ListAll.class, AgentCommand.Types.class, AgentCommand.Add.class})
final class AgentCommand {
    @Command(name = "list", description = "List those of the project.")
    static final class ListAll extends GatewayCommand {
        @Override
        public Integer call() throws InterruptedException {
            return rows(gateway().list("agents", "agents"), "id", "name", "agentType", "model", "isDefault");
        }
    }

    @Command(name = "types", description = "List what agents there are.")
    static final class Types extends GatewayCommand {
        @Override
        public Integer call() throws InterruptedException {
            return rows(gateway().get("agents/types").path("agentTypes"), "id", "name", "description");
        }
    }

    @Command(name = "add", description = "Add one of a type to the project.")
    static final class Add extends GatewayCommand {
        @Parameters(paramLabel = "TYPE", description = "For example claude-code, opencode, codex, gemini-cli.")
        String type = "";

        @Option(names = "--name", description = "What to call it (default: the type).")
        @Nullable
        String name;

        @Option(names = "--model", description = "The model it uses.")
        @Nullable
        String model;

        @Override
        public Integer call() throws InterruptedException {
            var body = Gateway.object().put("agentType", type).put("name", name == null ? type : name);
            if (model != null) {
                body.put("model", model);
            }
            var agent = gateway().post("agents", body);
            return done(agent, agent.path("id").asText());
        }
    }
}
