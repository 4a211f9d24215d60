package dev.slipway.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keys of model providers, kept encrypted; no sandbox ever sees one. */
@Command(
        name = "credential",
        description = "Keys of model providers, kept encrypted; no sandbox ever sees one.",
        subcommands = {CredentialCommand.Set.class, CredentialCommand.ListAll.class, CredentialCommand.Remove.class})
final class CredentialCommand {
    @Command(name = "set", description = "Store a provider's API key; it is asked for, or read from the input.")
    static final class Set extends GatewayCommand {
        @Parameters(paramLabel = "PROVIDER", description = "For example anthropic, openai, google.")
        String provider = "";

        @Option(names = "--name", description = "What to call it (default: the provider's name).")
        @Nullable
        String name;

        @Override
        public Integer call() throws InterruptedException {
            var body = Gateway.object()
                    .put("provider", provider)
                    .put("name", name == null ? provider : name)
                    .put("authType", "api_key")
                    .put("apiKey", key());
            return done(gateway().post("credentials", body), "stored the key of " + provider);
        }

        /** Never an argument: command lines and shell histories are for others to read. */
        @SuppressWarnings("SystemConsoleNull") // it is null again from JDK 25 on where there is no terminal
        private String key() {
            Console console = System.console();
            String key;
            if (console != null && console.isTerminal()) {
                char[] typed = console.readPassword("API key of %s: ", provider);
                key = typed == null ? "" : new String(typed);
            } else {
                try {
                    key = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    throw new Failure(Failure.USAGE, "the key cannot be read: " + e.getMessage());
                }
            }
            if (key.isBlank()) {
                throw new Failure(
                        Failure.USAGE, "no key given (type it, or: slipway credential set " + provider + " < file)");
            }
            return key.strip();
        }
    }

    @Command(name = "list", description = "List them, without the keys.")
    static final class ListAll extends GatewayCommand {
        @Override
        public Integer call() throws InterruptedException {
            return rows(gateway().list("credentials", "credentials"), "provider", "name", "authType", "updatedAt");
        }
    }

    @Command(name = "remove", description = "Forget a provider's key.")
    static final class Remove extends GatewayCommand {
        @Parameters(paramLabel = "PROVIDER")
        String provider = "";

        @Override
        public Integer call() throws InterruptedException {
            return done(gateway().delete("credentials/" + Gateway.encode(provider)), "removed the key of " + provider);
        }
    }
}
