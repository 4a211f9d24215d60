package dev.slipway.devstack.service;

import dev.slipway.devstack.StartFailure;
import dev.slipway.devstack.process.KeptProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A service in a JVM of its own. When it ends without being asked to, it is started again, later each time it ends soon
 * after its start.
 */
public final class ChildService implements RunningService {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);
    private static final long LOG_BYTES_MAX = 10_000_000;
    /** One that ends so often before it is healthy has a reason that does not pass; once may have been chance, a port just taken. */
    private static final int ENDINGS_MAX = 3;

    /** The last exception of a start lies in so much of the log's end. */
    private static final int LAST_WORDS_MAX = 256 * 1024;

    private final SuiteService service;
    private final Path log;
    private final long logBefore;
    private final KeptProcess process;

    private ChildService(SuiteService service, Path log, long logBefore, KeptProcess process) {
        this.service = service;
        this.log = log;
        this.logBefore = logBefore;
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
        Path log = settings.home().logs().resolve(service.title() + ".log");
        try {
            prune(log);
            long logBefore = Files.exists(log) ? Files.size(log) : 0;
            return new ChildService(
                    service,
                    log,
                    logBefore,
                    KeptProcess.start(service.title(), () -> launch(service, files, settings, log), said, changed));
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
    public Optional<String> failure() {
        int endings = process.endings();
        return endings < ENDINGS_MAX
                ? Optional.empty()
                : Optional.of("ended " + endings + " times, with code " + process.lastCode()
                        + lastWords().map(words -> ": " + words).orElse("."));
    }

    /** Why it ended, from what it wrote since its first start. */
    private Optional<String> lastWords() {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            long end = file.length();
            // A log that was begun anew in between is shorter than it was.
            long begin = Math.max(logBefore <= end ? logBefore : 0, end - LAST_WORDS_MAX);
            file.seek(begin);
            byte[] written = new byte[(int) (end - begin)];
            file.readFully(written);
            return Reason.inLog(new String(written, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void stop() throws InterruptedException {
        process.stop("TERM", STOP_DEADLINE);
    }

    private static void prune(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Process launch(SuiteService service, ServiceFiles files, ServiceSettings settings, Path log)
            throws IOException {
        prune(log);
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
