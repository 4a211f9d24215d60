package dev.slipway.devstack.kafka;

import dev.slipway.devstack.StartFailure;
import dev.slipway.devstack.home.PrivateFiles;
import dev.slipway.devstack.home.Processes;
import dev.slipway.devstack.home.SlipwayHome;
import dev.slipway.devstack.process.KeptProcess;
import dev.slipway.devstack.service.ChildService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** A {@link KafkaBroker} in a JVM of its own, started again when it ends unasked. */
public final class KafkaProcess implements RunningBroker {
    private static final Duration START_DEADLINE = Duration.ofSeconds(90);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

    private final KeptProcess process;
    private final String bootstrapServers;

    private KafkaProcess(KeptProcess process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts on those ports, and returns when clients can connect.
     *
     * @param said takes a sentence when it ends unasked
     * @param changed called when it has another process number
     */
    public static KafkaProcess start(
            SlipwayHome home, int port, int controllerPort, Consumer<String> said, Runnable changed)
            throws IOException, InterruptedException {
        Path log = home.logs().resolve("kafka.log");
        Path pidFile = home.root().resolve("kafka.pid");
        stopLeftover(pidFile, ChildService.mark(home.root()));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dlogback.configurationFile=slipway-logback.xml",
                "-Dslipway.logs=" + home.logs(),
                ChildService.mark(home.root()),
                "-cp",
                System.getProperty("java.class.path"),
                KafkaProcess.class.getName(),
                home.kafka().toString(),
                Integer.toString(port),
                Integer.toString(controllerPort));
        KeptProcess process = KeptProcess.start("Kafka", () -> launch(command, log, pidFile), said, changed);
        awaitListening(process, port, log);
        return new KafkaProcess(process, "127.0.0.1:" + port);
    }

    /** The broker's process: folder, port, controller's port. */
    public static void main(String[] arguments) throws InterruptedException {
        KafkaBroker broker = startOrHalt(arguments);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            try {
                broker.stop();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                stopped.countDown();
            }
        }));
        stopped.await();
    }

    /** A part of a broker that could not start has threads that would keep this process, and nobody would start it again. */
    private static KafkaBroker startOrHalt(String[] arguments) {
        try {
            return KafkaBroker.start(
                    Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        } catch (RuntimeException | Error e) {
            LoggerFactory.getLogger(KafkaProcess.class).atError().setCause(e).log("Kafka does not start");
            Runtime.getRuntime().halt(1);
            throw e;
        }
    }

    /** A launcher that was killed before it wrote down what runs leaves a broker that holds the folder. */
    private static void stopLeftover(Path pidFile, String mark) throws IOException, InterruptedException {
        String pid = Files.exists(pidFile) ? Files.readString(pidFile).strip() : "";
        Optional<ProcessHandle> left =
                pid.matches("\\d{1,18}") ? Processes.find(Long.parseLong(pid), mark) : Optional.empty();
        if (left.isPresent()) {
            Processes.stop(left.get(), "TERM", STOP_DEADLINE);
        }
    }

    private static Process launch(List<String> command, Path log, Path pidFile) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Keys of other parts are none of the broker's business.
        builder.environment().keySet().removeAll(List.of("DATABASE_DSN", "ENCRYPTION_KEY"));
        Process process = builder.start();
        try {
            PrivateFiles.write(pidFile, Long.toString(process.pid()));
        } catch (IOException e) {
            // Nobody would know of it.
            process.destroyForcibly();
            throw e;
        }
        return process;
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void stop() throws InterruptedException {
        process.stop("TERM", STOP_DEADLINE);
    }

    private static void awaitListening(KeptProcess process, int port, Path log) throws InterruptedException {
        long deadline = System.nanoTime() + START_DEADLINE.toNanos();
        while (true) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    process.stop("TERM", Duration.ofSeconds(1));
                    throw new StartFailure("Kafka did not start; its log is " + log + ".", e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
