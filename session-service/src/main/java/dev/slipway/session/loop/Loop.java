package dev.slipway.session.loop;

import java.time.Duration;

/** Something that looks around now and then and mends what it finds. Every replica runs it, so it must be safe to run twice. */
public interface Loop {
    /** How long it rests between two looks. */
    Duration every();

    /** Looks once. What it throws is logged, and it looks again. */
    void look();
}
