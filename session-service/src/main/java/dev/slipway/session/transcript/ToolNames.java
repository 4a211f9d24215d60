package dev.slipway.session.transcript;

import java.util.Map;

/** The name of a tool, which agents put in different places. */
public final class ToolNames {
    private ToolNames() {}

    /** The name of the tool that a call of this id uses, as far as what the agent said of it tells. */
    public static String of(String callId, Map<String, Object> call) {
        return ToolCall.nameOf(callId, call);
    }
}
