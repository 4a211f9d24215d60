package dev.slipway.session.permission;

import dev.slipway.contracts.agent.JournalEntry;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.transcript.AgentQuestion;
import dev.slipway.session.transcript.ToolNames;
import dev.slipway.session.transcript.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes requests of what the journal says, and tells which answers fit them. */
final class Requests {
    private Requests() {}

    /** A request as it was asked; {@code within} is how long somebody has to answer it. */
    static PermissionRequest of(String sessionId, JournalEntry entry, Duration within) {
        Map<String, Object> params = Tree.object(entry.data(), "params");
        boolean question = AgentQuestion.METHOD.equals(entry.data().get("method"));
        Map<String, Object> call = Tree.object(params, "toolCall");
        String title = question
                ? AgentQuestion.of(params).message()
                : Objects.requireNonNullElse(Tree.text(call, "title"), "The agent asks for permission.");
        String callId = Objects.requireNonNullElse(Tree.text(call, "toolCallId"), "");
        return new PermissionRequest(
                sessionId,
                String.valueOf(entry.data().get("requestId")),
                entry.turn(),
                question ? "question" : "permission",
                title,
                question || call.isEmpty() ? null : ToolNames.of(callId, call),
                params,
                "pending",
                null,
                null,
                false,
                null,
                question ? null : RequestPolicy.unanswered(params).orElse(null),
                entry.time(),
                Instant.now().plus(within));
    }

    /** The answer as the agent gets it; 422 if it does not fit the request. */
    static RequestAnswer checked(PermissionRequest request, RequestAnswer answer) {
        String option = answer.optionId();
        if (!request.isQuestion()) {
            if (answer.answers() != null) {
                throw ProblemException.unprocessable("answers", "not for a permission (expected: optionId)");
            }
            List<Object> offered = Tree.objects(request.params(), "options").stream()
                    .map(each -> each.get("optionId"))
                    .toList();
            if (option != null && !offered.contains(option)) {
                throw ProblemException.unprocessable("optionId", option + " (expected: one of " + offered + ")");
            }
            return answer;
        }
        AgentQuestion question = AgentQuestion.of(request.params());
        if (option != null) {
            return RequestAnswer.of(question.chosen(option)
                    .orElseThrow(() -> ProblemException.unprocessable(
                            "optionId", option + " is no answer to this question (expected: answers)")));
        }
        String fault = answer.answers() == null ? null : question.fault(answer.answers());
        if (fault != null) {
            throw ProblemException.unprocessable("answers", fault);
        }
        return answer;
    }

    /** What the agent gets when nobody answered. */
    static RequestAnswer unanswered(PermissionRequest request) {
        if (request.isQuestion()) {
            return RequestAnswer.DECLINED;
        }
        String option = request.defaultOption();
        return option == null ? RequestAnswer.CANCELLED : RequestAnswer.option(option);
    }
}
