package dev.slipway.devstack.service;

/** A service that was started, in whichever shape. */
public sealed interface RunningService permits InProcessService, ChildService {
    SuiteService service();

    /** The number of the process it runs in. */
    long pid();

    /** Stops it, at the latest after a deadline; never throws for what goes wrong meanwhile. */
    void stop() throws InterruptedException;
}
