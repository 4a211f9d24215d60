package dev.slipway.devstack.service;

import java.util.Optional;

/** A service that was started, in whichever shape. */
public sealed interface RunningService permits InProcessService, ChildService {
    SuiteService service();

    /** The number of the process it runs in. */
    long pid();

    /** Why it will not come to be healthy, for people; empty while it may. Asked during a start alone. */
    Optional<String> failure();

    /** Stops it, at the latest after a deadline; never throws for what goes wrong meanwhile. */
    void stop() throws InterruptedException;
}
