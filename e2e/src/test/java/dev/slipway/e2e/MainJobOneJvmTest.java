package dev.slipway.e2e;

import org.junit.jupiter.api.Tag;

/** The main job in the one-JVM shape that {@code ./slipway up} has. */
@Tag("engine")
class MainJobOneJvmTest extends MainJob {
    MainJobOneJvmTest() {
        super(Slipway.Shape.ONE_JVM);
    }
}
