package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.acp.AcpPeer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The permission requests that wait for an answer, and the ids of those that had one. */
final class PermissionDesk {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Open> open = new HashMap<>();
    private final Set<String> answered = new HashSet<>();

    private record Open(JsonNode params, AcpPeer.Reply reply) {}

    /** What became of an answer. */
    enum Outcome {
        TAKEN,
        UNKNOWN,
        ALREADY_ANSWERED,
        NO_SUCH_OPTION
    }

    void opened(String requestId, JsonNode params, AcpPeer.Reply reply) {
        lock.lock();
        try {
            open.put(requestId, new Open(params, reply));
        } finally {
            lock.unlock();
        }
    }

    /** A request of an earlier life of this process. */
    void rememberAnswered(String requestId) {
        lock.lock();
        try {
            answered.add(requestId);
        } finally {
            lock.unlock();
        }
    }

    /** @param optionId null to answer that nobody will choose */
    Outcome answer(String requestId, @Nullable String optionId) {
        Open request;
        lock.lock();
        try {
            if (answered.contains(requestId)) {
                return Outcome.ALREADY_ANSWERED;
            }
            request = open.get(requestId);
            if (request == null) {
                return Outcome.UNKNOWN;
            }
            if (optionId != null && !offers(request.params, optionId)) {
                return Outcome.NO_SUCH_OPTION;
            }
            open.remove(requestId);
            answered.add(requestId);
        } finally {
            lock.unlock();
        }
        request.reply.result(outcome(optionId));
        return Outcome.TAKEN;
    }

    List<String> openIds() {
        lock.lock();
        try {
            return List.copyOf(open.keySet());
        } finally {
            lock.unlock();
        }
    }

    static ObjectNode outcome(@Nullable String optionId) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        ObjectNode outcome = result.putObject("outcome");
        if (optionId == null) {
            outcome.put("outcome", "cancelled");
        } else {
            outcome.put("outcome", "selected").put("optionId", optionId);
        }
        return result;
    }

    private static boolean offers(JsonNode params, String optionId) {
        for (JsonNode option : params.path("options")) {
            if (option.path("optionId").asText().equals(optionId)) {
                return true;
            }
        }
        return false;
    }
}
