package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.agent.acp.AcpPeer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The permission requests that wait for an answer, and the ids of those that had one. */
final class PermissionDesk {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Open> open = new HashMap<>();
    private final Set<String> answered = new HashSet<>();

    private record Open(JsonNode params, AcpPeer.Reply reply, boolean question) {}

    /** What became of an answer. */
    enum Outcome {
        TAKEN,
        UNKNOWN,
        ALREADY_ANSWERED,
        NO_SUCH_OPTION
    }

    /** @param question whether it asks for words (an elicitation) rather than for a permission */
    void opened(String requestId, JsonNode params, AcpPeer.Reply reply, boolean question) {
        lock.lock();
        try {
            open.put(requestId, new Open(params, reply, question));
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

    /** Gives the agent this answer, if it is the first and fits the request. */
    Outcome answer(String requestId, RequestAnswer answer) {
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
            if (!fits(request, answer)) {
                return Outcome.NO_SUCH_OPTION;
            }
            open.remove(requestId);
            answered.add(requestId);
        } finally {
            lock.unlock();
        }
        request.reply.result(request.question ? answer.asElicitation() : answer.asPermission());
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

    private static boolean fits(Open request, RequestAnswer answer) {
        return switch (answer) {
            case RequestAnswer.Chosen(String optionId) -> !request.question && offers(request.params, optionId);
            case RequestAnswer.Said _ -> request.question;
            case RequestAnswer.Declined _, RequestAnswer.Cancelled _ -> true;
        };
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
