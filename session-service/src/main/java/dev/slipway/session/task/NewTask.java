package dev.slipway.session.task;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.lifecycle.NewSession;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of POST of a task.
 *
 * @param sessionId a session that is there; a new one if missing
 * @param workspaceId where the new session is made; may be missing if the project has one workspace
 * @param branch what the new session starts from; the workspace's current commit if missing
 * @param agent an agent's id, or a type of agents; the project's default if missing
 */
@Serdeable
record NewTask(
        @Nullable String instruction,
        @Nullable String sessionId,
        @Nullable String workspaceId,
        @Nullable String branch,
        @Nullable String agent,
        @Nullable String model,
        @Nullable Context context) {
    private static final int INSTRUCTION_MAX = 100_000;
    private static final int NAME_LENGTH = 50;

    /** What the agent should look at first, and what it should know. */
    @Serdeable
    record Context(@Nullable List<String> files, @Nullable List<String> hints) {}

    /** The instruction, checked. */
    String checkedInstruction() {
        if (instruction == null || instruction.isBlank()) {
            throw ProblemException.invalid("instruction", "missing (expected: what the agent is to do)");
        }
        if (instruction.length() > INSTRUCTION_MAX) {
            throw ProblemException.invalid(
                    "instruction", instruction.length() + " characters (expected: at most " + INSTRUCTION_MAX + ")");
        }
        return instruction.strip();
    }

    /** What the agent is told: the instruction, and the context below it. */
    String prompt() {
        StringBuilder prompt = new StringBuilder(checkedInstruction());
        if (context != null && context.files() != null && !context.files().isEmpty()) {
            prompt.append("\n\nLook at these files first:");
            context.files().forEach(file -> prompt.append("\n- @").append(file));
        }
        if (context != null && context.hints() != null && !context.hints().isEmpty()) {
            prompt.append("\n\nHints:");
            context.hints().forEach(hint -> prompt.append("\n- ").append(hint));
        }
        return prompt.toString();
    }

    /** The session to be made for it. */
    NewSession session(String workspace, @Nullable String agentId) {
        String text = checkedInstruction().replaceAll("\\s+", " ");
        String name = text.codePoints()
                .limit(NAME_LENGTH)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return new NewSession(null, workspace, agentId, name, branch, null, model, null, null, null, null);
    }
}
