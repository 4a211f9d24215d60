package dev.slipway.devstack.service;

import dev.slipway.devstack.StartFailure;
import dev.slipway.devstack.home.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A service in a JVM of its own. When it ends without being asked to, it is started again, later each time it ends soon
 * after its start.
 */
public final class ChildService implements RunningService {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);
    private static final Duration PAUSE_MIN = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final Duration STEADY = Duration.ofSeconds(60);
    private static final long LOG_BYTES_MAX = 10_000_000;

    private final SuiteService service;
    private final ServiceFiles files;
    private final ServiceSettings settings;
    private final Consumer<String> said;
    private final Runnable changed;
    private final Object lock = new Object();
    private Process process;
    private boolean stopping;

    private ChildService(
            SuiteService service, ServiceFiles files, ServiceSettings settings, Consumer<String> said, Runnable changed)
            throws IOException {
        this.service = service;
        this.files = files;
        this.settings = settings;
        this.said = said;
        this.changed = changed;
        this.process = launch();
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
            var child = new ChildService(service, files, settings, said, changed);
            Thread.ofVirtual().name("watch-" + service.title()).start(child::watch);
            return child;
        } catch (IOException e) {
            throw new StartFailure(service.title() + " could not be started: " + e.getMessage(), e);
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
        synchronized (lock) {
            return process.pid();
        }
    }

    @Override
    public void stop() throws InterruptedException {
        Process last;
        synchronized (lock) {
            stopping = true;
            last = process;
        }
        if (last.isAlive()) {
            Processes.stop(last.toHandle(), "TERM", STOP_DEADLINE);
        }
    }

    private void watch() {
        Duration pause = PAUSE_MIN;
        try {
            while (true) {
                Process current;
                synchronized (lock) {
                    current = process;
                }
                Instant started = Instant.now();
                int code = current.waitFor();
                boolean steady = Duration.between(started, Instant.now()).compareTo(STEADY) > 0;
                pause = steady ? PAUSE_MIN : pause;
                synchronized (lock) {
                    if (stopping) {
                        return;
                    }
                }
                said.accept(service.title() + " ended with code " + code + "; it is started again");
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
                pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
                synchronized (lock) {
                    if (stopping) {
                        return;
                    }
                    process = launch();
                }
                changed.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            said.accept(service.title() + " could not be started again: " + e.getMessage());
        }
    }

    private Process launch() throws IOException {
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
