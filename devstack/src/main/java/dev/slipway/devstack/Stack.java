package dev.slipway.devstack;

import dev.slipway.devstack.home.Keys;
import dev.slipway.devstack.home.PortBook;
import dev.slipway.devstack.home.Processes;
import dev.slipway.devstack.home.SigningKey;
import dev.slipway.devstack.home.SlipwayHome;
import dev.slipway.devstack.kafka.KafkaBroker;
import dev.slipway.devstack.kafka.KafkaProcess;
import dev.slipway.devstack.kafka.RunningBroker;
import dev.slipway.devstack.postgres.DatabaseAddress;
import dev.slipway.devstack.postgres.PostgresServer;
import dev.slipway.devstack.postgres.ServiceSchemas;
import dev.slipway.devstack.service.ChildService;
import dev.slipway.devstack.service.HealthCheck;
import dev.slipway.devstack.service.InProcessService;
import dev.slipway.devstack.service.RunningService;
import dev.slipway.devstack.service.ServiceFiles;
import dev.slipway.devstack.service.ServiceSettings;
import dev.slipway.devstack.service.SuiteService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All parts of one stack. Starts Postgres and Kafka side by side, then the services side by side; stops the services, then
 * Kafka, then Postgres, so that whoever is still writing has somewhere to write to.
 */
final class Stack {
    private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(120);
    private static final Duration LEFTOVER_PATIENCE = Duration.ofSeconds(3);

    private final Options options;
    private final SlipwayHome home;
    private final Progress progress;
    private final Map<SuiteService, RunningService> running = new ConcurrentHashMap<>();
    private volatile @Nullable PostgresServer postgres;
    private volatile @Nullable RunningBroker kafka;
    private volatile @Nullable ServiceSettings settings;
    private volatile String phase = "starting";
    private volatile boolean stopping;
    /** One service did not become healthy: there is no point in waiting for the others. */
    private volatile boolean failed;

    /** Held while parts are being started, so that a stop in the middle finds all that was. */
    private final Object starting = new Object();

    Stack(Options options, SlipwayHome home, Progress progress) {
        this.options = options;
        this.home = home;
        this.progress = progress;
    }

    /** Starts everything and returns when all of it is healthy. On a failure, {@link #stop} clears away what runs. */
    void start() throws IOException, InterruptedException {
        stopLeftovers();
        Keys keys = Keys.loadOrMake(home.keys(), progress::say).orFrom(System.getenv());
        Path signingKey = wantsSigningKey(System.getenv()) ? SigningKey.loadOrMake(home.keys(), progress::say) : null;
        Files.deleteIfExists(home.stopMarker());
        PortBook book = new PortBook(home.ports());
        Map<SuiteService, ServiceFiles> files = builtServices();
        Map<SuiteService, Integer> ports = new EnumMap<>(SuiteService.class);
        ports.put(SuiteService.GATEWAY, book.require(SuiteService.GATEWAY.title(), options.port()));
        for (SuiteService service : SuiteService.values()) {
            if (!ports.containsKey(service)) {
                ports.put(service, book.choose(service.title()));
            }
        }
        int egressPort = book.choose("egress");
        int kafkaPort = book.choose("kafka");
        int kafkaControllerPort = book.choose("kafka-controller");
        int postgresPort = book.choose("postgres");
        synchronized (starting) {
            requireNotStopping();
            try (var both = new SideBySide()) {
                both.run("postgres", () -> startPostgres(postgresPort));
                both.run("kafka", () -> startKafka(kafkaPort, kafkaControllerPort));
            }
        }
        Map<String, DatabaseAddress> databases = ServiceSchemas.provide(
                administrator(), SuiteService.schemas(), home.keys().resolve("database.properties"));
        var told = new ServiceSettings(
                home,
                home.runDirectory(),
                options.project(),
                keys,
                signingKey,
                ports,
                ServiceSettings.internalTls(System.getenv()),
                egressPort,
                databases,
                bootstrapServers());
        settings = told;
        writeState();
        synchronized (starting) {
            requireNotStopping();
            try (var all = new SideBySide()) {
                files.forEach((service, found) -> all.run(service.title(), () -> startService(service, found, told)));
            }
        }
        phase = "running";
        writeState();
    }

    /** Stops what runs, in order; what is not started yet is left out. */
    void stop() throws InterruptedException {
        stopping = true;
        synchronized (starting) {
            stopParts();
        }
    }

    private void requireNotStopping() {
        if (stopping) {
            throw new StartFailure("Stopped before it was up.");
        }
    }

    private void stopParts() throws InterruptedException {
        RunningService containers = running.remove(SuiteService.CONTAINER);
        if (containers != null) {
            // Before the others, so that they hear what became of the sandboxes.
            markGoingDown();
            containers.stop();
            progress.say("sandboxes stopped");
        }
        try (var all = new SideBySide()) {
            for (RunningService service : running.values()) {
                all.run("stop-" + service.service().title(), service::stop);
            }
        }
        if (!running.isEmpty()) {
            progress.say("services stopped");
        }
        RunningBroker broker = kafka;
        if (broker != null) {
            broker.stop();
            progress.say("Kafka stopped");
        }
        PostgresServer server = postgres;
        if (server != null) {
            server.stop();
            progress.say("Postgres stopped");
        }
    }

    private void markGoingDown() {
        try {
            Files.writeString(home.stopMarker(), "");
        } catch (IOException e) {
            progress.say("sandboxes are left running: " + e.getMessage());
        }
    }

    String url() {
        ServiceSettings told = settings;
        return told == null ? "" : told.url(SuiteService.GATEWAY);
    }

    /** The services that are not built, separated by commas. */
    String leftOut() {
        return Arrays.stream(SuiteService.values())
                .filter(service -> !running.containsKey(service))
                .map(SuiteService::title)
                .collect(Collectors.joining(", "));
    }

    private void startPostgres(int port) throws IOException, InterruptedException {
        DatabaseAddress given = options.database();
        if (given != null) {
            progress.say("Postgres    at " + given.host() + ":" + given.port() + " is used");
            return;
        }
        postgres = PostgresServer.start(
                home.postgres(), port, home.logs().resolve("postgres.log"), progress::say, this::writeStateQuietly);
        progress.say("Postgres    ready on 127.0.0.1:" + port);
    }

    private void startKafka(int port, int controllerPort) throws IOException, InterruptedException {
        String given = options.kafka();
        if (given != null) {
            progress.say("Kafka       at " + given + " is used");
            return;
        }
        kafka = options.isolated()
                ? KafkaProcess.start(home, port, controllerPort, progress::say, this::writeStateQuietly)
                : KafkaBroker.start(home.kafka(), port, controllerPort);
        progress.say("Kafka       ready on 127.0.0.1:" + port);
    }

    private void startService(SuiteService service, ServiceFiles files, ServiceSettings told)
            throws IOException, InterruptedException {
        RunningService started = options.isolated()
                ? ChildService.start(service, files, told, progress::say, this::writeStateQuietly)
                : InProcessService.start(service, files, told, home.logs());
        running.put(service, started);
        writeState();
        boolean tls = told.internalTls() && ServiceSettings.speaksTls(service);
        if (!HealthCheck.await(
                told.port(service),
                tls,
                HEALTH_DEADLINE,
                () -> stopping || failed || started.failure().isPresent())) {
            requireNotStopping();
            Optional<String> why = started.failure();
            if (failed && why.isEmpty()) {
                // It was only not waited for; the one that failed says why.
                return;
            }
            failed = true;
            throw new StartFailure(service.title() + " "
                    + why.orElse("is not healthy after " + HEALTH_DEADLINE.toSeconds() + " s.") + "\nIts log is "
                    + home.logs().resolve(service.title() + ".log"));
        }
        progress.say(String.format("%-19s healthy on 127.0.0.1:%d", service.title(), told.port(service)));
    }

    private Map<SuiteService, ServiceFiles> builtServices() {
        Map<SuiteService, ServiceFiles> built = new EnumMap<>(SuiteService.class);
        for (SuiteService service : SuiteService.values()) {
            // A rehearsal on an empty database would take the sandboxes of the real stack for strays.
            if (options.rehearsal() && service == SuiteService.CONTAINER) {
                continue;
            }
            ServiceFiles.find(options.project(), service)
                    .ifPresentOrElse(
                            found -> built.put(service, found),
                            () -> progress.say(service.title() + " is not built and is left out"));
        }
        return built;
    }

    private DatabaseAddress administrator() {
        DatabaseAddress given = options.database();
        PostgresServer server = postgres;
        if (given != null) {
            return given;
        }
        if (server == null) {
            throw new IllegalStateException("Postgres is not started");
        }
        return server.address();
    }

    private String bootstrapServers() {
        String given = options.kafka();
        RunningBroker broker = kafka;
        if (given != null) {
            return given;
        }
        if (broker == null) {
            throw new IllegalStateException("Kafka is not started");
        }
        return broker.bootstrapServers();
    }

    /** Only where users log in, and have not brought a key of their own. */
    private static boolean wantsSigningKey(Map<String, String> environment) {
        return environment.getOrDefault("AUTH_ENABLED", "").equalsIgnoreCase("true")
                && environment.getOrDefault("AUTH_SIGNING_KEY", "").isBlank()
                && environment.getOrDefault("AUTH_SIGNING_KEY_FILE", "").isBlank();
    }

    /** A launcher that was killed leaves the services of the isolated shape behind; they hold our ports. */
    private void stopLeftovers() throws IOException, InterruptedException {
        String mark = ChildService.mark(home.root());
        List<ProcessHandle> left = StackState.read(home.state())
                .map(state -> state.leftovers(mark))
                .orElse(List.of());
        // Briefly: their broker is gone, and they would wait for it.
        try (var all = new SideBySide()) {
            for (ProcessHandle process : left) {
                all.run("stop-leftover", () -> Processes.stop(process, "TERM", LEFTOVER_PATIENCE));
            }
        }
        if (!left.isEmpty()) {
            progress.say("stopped " + left.size() + " services that a killed launcher had left running");
        }
    }

    private void writeStateQuietly() {
        try {
            writeState();
        } catch (IOException e) {
            progress.say("the state could not be written: " + e.getMessage());
        }
    }

    private synchronized void writeState() throws IOException {
        ServiceSettings told = settings;
        if (told == null) {
            return;
        }
        Map<SuiteService, StackState.Part> parts = new EnumMap<>(SuiteService.class);
        running.forEach((service, part) -> parts.put(service, new StackState.Part(told.port(service), part.pid())));
        DatabaseAddress database = administrator();
        PostgresServer server = postgres;
        RunningBroker broker = kafka;
        new StackState(
                        phase,
                        ProcessHandle.current().pid(),
                        options.isolated() ? "isolated" : "one-jvm",
                        told.url(SuiteService.GATEWAY),
                        told.internalTls(),
                        new StackState.Server(
                                database.host() + ":" + database.port() + "/" + database.database(),
                                server == null ? 0 : server.pid()),
                        new StackState.Server(told.bootstrapServers(), broker == null ? 0 : broker.pid()),
                        parts)
                .write(home.state());
    }
}
