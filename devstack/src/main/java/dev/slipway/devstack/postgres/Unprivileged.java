package dev.slipway.devstack.postgres;

import dev.slipway.devstack.StartFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Postgres refuses to run as root; in a user namespace of its own it does not see that it is. */
final class Unprivileged {
    private Unprivileged() {}

    /** What to put before a command of Postgres: nothing, unless we are root. */
    static List<String> prefix() throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        List<String> unshare = List.of("unshare", "--user");
        Process probe = new ProcessBuilder("unshare", "--user", "true")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0) {
            return unshare;
        }
        throw new StartFailure("Postgres does not run as root, and this machine allows no user namespaces.\n"
                + "Run ./slipway as an ordinary user, or use a server that exists:"
                + " ./slipway up --database-url postgres://user:password@host/database");
    }
}
