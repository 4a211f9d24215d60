package dev.slipway.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that talk to a running stack. */
@Command(
        name = "slipway",
        description = "Agents in sandboxes, against your own repositories.",
        subcommands = {
            WorkspaceCommand.class,
            SessionCommand.class,
            ChatCommand.class,
            DiffCommand.class,
            ApplyCommand.class,
            EventsCommand.class,
            CredentialCommand.class,
            AgentCommand.class,
            EgressCommand.class,
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(new Terminal(out, err), arguments));
    }

    static int run(Terminal terminal, String... arguments) {
        CommandLine.IFactory plain = CommandLine.defaultFactory();
        CommandLine line = new CommandLine(new Main(), plain);
        line.setExecutionStrategy(parsed -> {
            CommandLine.ParseResult last = parsed;
            while (last.hasSubcommand()) {
                last = last.subcommand();
            }
            if (last.commandSpec().userObject() instanceof GatewayCommand command) {
                command.use(terminal);
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setExecutionExceptionHandler((failure, _, _) -> terminal.tell(failure));
        line.setParameterExceptionHandler((wrong, _) -> {
            terminal.err().println(wrong.getMessage());
            wrong.getCommandLine().usage(terminal.err());
            return CommandLine.ExitCode.USAGE;
        });
        line.setOut(new java.io.PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        return line.execute(arguments);
    }
}
