package dev.slipway.agent.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What an agent says of its own accord. All calls come from one thread, in the order in which the agent wrote. */
public interface AcpPeer {
    /** A notification; must not wait for the agent. */
    void notified(String method, JsonNode params);

    /**
     * A request; must not wait for the agent.
     *
     * @param reply to be called once, from any thread, now or later
     */
    void asked(String method, JsonNode params, Reply reply);

    /** The agent has closed its output: nothing more will come, and all calls under way have failed. */
    void ended();

    /** How a request is answered. */
    interface Reply {
        /** Answers with a result. */
        void result(ObjectNode result);

        /**
         * Answers with an error.
         *
         * @param code as JSON-RPC has it, such as -32601 for an unknown method
         */
        void error(int code, String message);
    }
}
