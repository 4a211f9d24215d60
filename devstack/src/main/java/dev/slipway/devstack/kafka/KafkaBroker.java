package dev.slipway.devstack.kafka;

import dev.slipway.devstack.StartFailure;
import dev.slipway.devstack.home.PrivateFiles;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** One broker that is its own controller, on two loopback ports. */
public final class KafkaBroker implements RunningBroker {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private KafkaBroker(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /** Starts on those ports; formats the folder if it is new. Returns when clients can connect. */
    public static KafkaBroker start(Path directory, int port, int controllerPort) {
        try {
            PrivateFiles.directory(directory);
            if (!Files.exists(directory.resolve("meta.properties"))) {
                format(directory);
            }
            var server = new KafkaRaftServer(new KafkaConfig(settings(directory, port, controllerPort)), Time.SYSTEM);
            server.startup();
            return new KafkaBroker(server, "127.0.0.1:" + port);
        } catch (Exception e) {
            throw new StartFailure(
                    "Kafka did not start: " + e.getMessage()
                            + "\nA broker that exists can be used instead: ./slipway up --kafka host:9092",
                    e);
        }
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    /** Stops cleanly; gives up after a deadline, which costs the next start a recovery of the log. */
    @Override
    public void stop() throws InterruptedException {
        Thread stopping = Thread.ofPlatform().daemon().name("kafka-stop").start(() -> {
            server.shutdown();
            server.awaitShutdown();
        });
        stopping.join(STOP_DEADLINE);
    }

    private static void format(Path directory) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(directory.toString())
                .addDirectory(directory.toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true)
                .run();
    }

    private static Map<String, String> settings(Path directory, int port, int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.put("node.id", "1");
        settings.put("process.roles", "broker,controller");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("log.dirs", directory.toString());
        // One node: nothing to copy to.
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".num.partitions", "1");
            settings.put(topic + ".replication.factor", "1");
            if (!topic.startsWith("offsets")) {
                settings.put(topic + ".min.isr", "1");
            }
        }
        // A client that resumes after a long time finds its events: thirty days of them.
        settings.put("log.retention.hours", Integer.toString(30 * 24));
        settings.put("num.partitions", "24");
        settings.put("log.flush.interval.ms", "1000");
        settings.put("log.index.size.max.bytes", "1048576");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("num.network.threads", "1");
        settings.put("num.io.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        // After a kill the broker must wait until the controller has forgotten its old self; with the default, 9 s.
        // With 1 s a
        // machine under load forgets a broker that lives.
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("broker.heartbeat.interval.ms", "250");
        return settings;
    }
}
