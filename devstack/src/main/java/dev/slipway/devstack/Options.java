package dev.slipway.devstack;

import dev.slipway.devstack.postgres.DatabaseAddress;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a start was asked for.
 *
 * @param port the gateway's port; 0 for any free one
 * @param isolated one JVM per service instead of one for all
 * @param database a server that exists instead of the embedded one
 * @param kafka bootstrap servers that exist instead of the embedded broker
 * @param rehearsal start, answer a few requests, stop: trains the AOT cache and touches no container engine
 */
record Options(
        Path project,
        Path home,
        int port,
        boolean isolated,
        @Nullable DatabaseAddress database,
        @Nullable String kafka,
        boolean rehearsal) {
    private static final int DEFAULT_PORT = 8080;

    /** Options win over the environment. */
    static Options parse(String[] arguments, Map<String, String> environment) {
        Path project = Path.of("").toAbsolutePath();
        Path home = Path.of(orElse(environment.get("SLIPWAY_HOME"), System.getProperty("user.home") + "/.slipway"));
        String port = orElse(environment.get("PORT"), Integer.toString(DEFAULT_PORT));
        String database = orElse(environment.get("DATABASE_DSN"), "");
        String kafka = "";
        boolean isolated = false;
        boolean rehearsal = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--isolated" -> isolated = true;
                case "--rehearsal" -> rehearsal = true;
                case "--project" -> project = Path.of(value(arguments, ++i));
                case "--home" -> home = Path.of(value(arguments, ++i));
                case "--port" -> port = value(arguments, ++i);
                case "--database-url" -> database = value(arguments, ++i);
                case "--kafka" -> kafka = value(arguments, ++i);
                default -> throw new StartFailure("Unknown option: " + arguments[i] + "\nSee: ./slipway help");
            }
        }
        try {
            return new Options(
                    project,
                    home,
                    port(port),
                    isolated,
                    database.isBlank() ? null : DatabaseAddress.parse(database),
                    kafka.isBlank() ? null : kafka,
                    rehearsal);
        } catch (IllegalArgumentException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new StartFailure("port: " + text + " (expected: a number from 0 to 65535)");
    }

    private static String value(String[] arguments, int index) {
        if (index >= arguments.length) {
            throw new StartFailure("The option " + arguments[index - 1] + " needs a value.");
        }
        return arguments[index];
    }

    private static String orElse(@Nullable String value, String otherwise) {
        return value == null || value.isBlank() ? otherwise : value;
    }
}
