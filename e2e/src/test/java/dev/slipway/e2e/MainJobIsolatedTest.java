package dev.slipway.e2e;

import org.junit.jupiter.api.Tag;

/** The main job in the shape of one JVM per service, as in production. */
@Tag("engine")
class MainJobIsolatedTest extends MainJob {
    MainJobIsolatedTest() {
        super(Slipway.Shape.ISOLATED);
    }
}
