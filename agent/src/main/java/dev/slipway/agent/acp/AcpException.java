package dev.slipway.agent.acp;

/** The agent answered a call with an error, or can answer no more. */
public final class AcpException extends Exception {
    /** The code used here when there is no agent any more to answer. */
    public static final int CONNECTION_ENDED = 0;

    /** ACP's code for a session that the agent does not know (any more). */
    public static final int RESOURCE_NOT_FOUND = -32002;

    private final int code;

    AcpException(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** The agent's code; the vendors use their own besides those of JSON-RPC (one passes on HTTP statuses). */
    public int code() {
        return code;
    }
}
