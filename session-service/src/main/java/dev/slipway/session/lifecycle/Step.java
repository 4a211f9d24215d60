package dev.slipway.session.lifecycle;

import java.util.Locale;

/** How far the making of a session is. The order is the way; nothing goes back on it. */
public enum Step {
    INITIALIZING("its branch is made"),
    CLONING("it is waiting for a sandbox"),
    PULLING_IMAGE("the image is pulled"),
    CREATING_SANDBOX("the sandbox is made");

    private final String words;

    Step(String words) {
        this.words = words;
    }

    /** The status on the wire, for example {@code pulling_image}. */
    public String status() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What goes on, to stand after "while". */
    public String inWords() {
        return words;
    }

    /** The step that a phase of a sandbox belongs to; cloning and starting the agent happen in the sandbox. */
    static Step ofPhase(String phase) {
        return phase.equals("pulling_image") ? PULLING_IMAGE : CREATING_SANDBOX;
    }
}
