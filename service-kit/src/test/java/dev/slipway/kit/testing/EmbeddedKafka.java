package dev.slipway.kit.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A Kafka broker and its controller in this process. It can be stopped and started again on the same data. */
public final class EmbeddedKafka {
    private final Properties settings;
    private final String bootstrapServers;
    private KafkaRaftServer server;

    private EmbeddedKafka(Properties settings, String bootstrapServers, KafkaRaftServer server) {
        this.settings = settings;
        this.bootstrapServers = bootstrapServers;
        this.server = server;
    }

    /** Starts a broker that keeps its data in this folder. */
    public static EmbeddedKafka start(Path folder) {
        try {
            int brokerPort = FreePorts.any();
            int controllerPort = FreePorts.any();
            Properties settings = settings(folder, brokerPort, controllerPort);
            if (!Files.exists(folder.resolve("meta.properties"))) {
                format(folder);
            }
            EmbeddedKafka kafka = new EmbeddedKafka(settings, "127.0.0.1:" + brokerPort, startServer(settings));
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::stop));
            return kafka;
        } catch (Exception e) {
            throw new IllegalStateException("embedded Kafka does not start", e);
        }
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Stops the broker; its data stays. */
    public synchronized void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** Starts it again at the same address. */
    public synchronized void restart() {
        server = startServer(settings);
    }

    private static KafkaRaftServer startServer(Properties settings) {
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        server.startup();
        return server;
    }

    private static void format(Path folder) throws Exception {
        Formatter formatter = new Formatter();
        formatter
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(folder.toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .addDirectory(folder.toString())
                .setIgnoreFormatted(true);
        formatter.run();
    }

    private static Properties settings(Path folder, int brokerPort, int controllerPort) {
        Properties settings = new Properties();
        settings.put("node.id", "1");
        settings.put("process.roles", "broker,controller");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + brokerPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + brokerPort);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", folder.toString());
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("num.network.threads", "1");
        settings.put("num.io.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("broker.session.timeout.ms", "6000");
        settings.put("broker.heartbeat.interval.ms", "500");
        return settings;
    }
}
