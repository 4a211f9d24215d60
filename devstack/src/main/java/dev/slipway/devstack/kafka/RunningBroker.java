package dev.slipway.devstack.kafka;

/** A broker that was started, in whichever shape. */
public sealed interface RunningBroker permits KafkaBroker, KafkaProcess {
    /** Where clients begin. */
    String bootstrapServers();

    /** The number of the process it runs in. */
    long pid();

    /** Stops it, at the latest after a deadline. */
    void stop() throws InterruptedException;
}
