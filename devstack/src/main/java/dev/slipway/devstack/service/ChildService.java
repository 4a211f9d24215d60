package dev.slipway.devstack.service;

import dev.slipway.devstack.StartFailure;
import dev.slipway.devstack.process.KeptProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A service in a JVM of its own. When it ends without being asked to, it is started again, later each time it ends soon
 * after its start.
 */
public final class ChildService implements RunningService {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);
    private static final long LOG_BYTES_MAX = 10_000_000;

    private final SuiteService service;
    private final KeptProcess process;

    private ChildService(SuiteService service, KeptProcess process) {
        this.service = service;
        this.process = process;
    }

    /**
     * Starts the process and returns at once; whether it answers is for its health check to say.
     *
     * @param said takes a sentence when it ends unasked
     * @param changed called when it has another process number
     */
    public static ChildService start(
            SuiteService service,
            ServiceFiles files,
            ServiceSettings settings,
            Consumer<String> said,
            Runnable changed) {
        try {
            return new ChildService(
                    service, KeptProcess.start(service.title(), () -> launch(service, files, settings), said, changed));
        } catch (IOException e) {
            throw new StartFailure(service.title() + " could not be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure(service.title() + " was not started: the start was interrupted", e);
        }
    }

    /** What stands in the command line of every process of this stack. */
    public static String mark(Path home) {
        return "-Dslipway.stack=" + home;
    }

    @Override
    public SuiteService service() {
        return service;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void stop() throws InterruptedException {
        process.stop("TERM", STOP_DEADLINE);
    }

    private static Process launch(SuiteService service, ServiceFiles files, ServiceSettings settings)
            throws IOException {
        Path log = settings.home().logs().resolve(service.title() + ".log");
        if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-Djdk.virtualThreadScheduler.parallelism=64",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                mark(settings.home().root())));
        command.addAll(List.of("-cp", files.classPath(), service.mainClass()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // The administrator's way into the database, and the key of stored credentials, are not for every service.
        builder.environment().keySet().removeAll(List.of("DATABASE_DSN", "ENCRYPTION_KEY"));
        builder.environment().putAll(settings.environment(service));
        return builder.start();
    }
}
