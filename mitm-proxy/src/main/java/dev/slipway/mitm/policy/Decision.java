package dev.slipway.mitm.policy;

/** What the policy says of a target. */
public sealed interface Decision {
    /**
     * The target may be reached.
     *
     * @param rule which rule said so, for the log
     * @param raw whether bytes that the proxy cannot look into may pass too: only where the rule names the port
     */
    record Allowed(String rule, boolean raw) implements Decision {}

    /**
     * The target may not be reached.
     *
     * @param reason in words for the user
     */
    record Refused(String reason) implements Decision {}
}
