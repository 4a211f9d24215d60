package dev.slipway.mitm.config;

/** A configuration that makes no sense; the message names the place and what was expected there. */
public final class MalformedConfig extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    MalformedConfig(String where, String problem) {
        super((where.isEmpty() ? "the file" : where) + ": " + problem);
    }
}
