package dev.slipway.devstack.postgres;

import dev.slipway.devstack.StartFailure;
import dev.slipway.devstack.home.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The Postgres that a killed launcher left running on a data folder, or the file that says so though nothing runs. */
final class LeftoverPostgres {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private LeftoverPostgres() {}

    /** Call only under the launcher's lock: nobody else may be using the folder. */
    static void stop(Path data) throws IOException, InterruptedException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        String first = Files.readString(pidFile).lines().findFirst().orElse("").strip();
        Optional<ProcessHandle> running =
                first.matches("\\d{1,18}") ? Processes.find(Long.parseLong(first), data.toString()) : Optional.empty();
        if (running.isEmpty()) {
            // Its number may belong to another program by now, which would keep Postgres from starting.
            Files.deleteIfExists(pidFile);
            return;
        }
        if (!Processes.stop(running.get(), "INT", PATIENCE)) {
            throw new StartFailure("A Postgres from an earlier start (process " + first + ") would not stop.\n"
                    + "It was killed now; run ./slipway up again, it will recover its data.");
        }
    }
}
