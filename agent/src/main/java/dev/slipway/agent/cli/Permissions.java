package dev.slipway.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Who answers when an agent asks whether it may. */
public enum Permissions {
    /** A person, always. */
    ASK,
    /** Edits of files are allowed, the rest is asked. */
    EDITS,
    /** All is allowed: the sandbox is the fence. */
    ALL;

    /** @throws IllegalArgumentException if there is no policy of this name */
    public static Permissions of(String name) {
        return switch (name) {
            case "ask" -> ASK;
            case "edits" -> EDITS;
            case "all", "" -> ALL;
            default -> throw new IllegalArgumentException("permissions: " + name + " (expected: ask, edits or all)");
        };
    }

    /**
     * The option to choose without asking anybody.
     *
     * @param params of {@code session/request_permission}
     * @return empty if a person has to choose
     */
    public Optional<String> answer(JsonNode params) {
        String kind = params.path("toolCall").path("kind").asText();
        // Leaving plan mode is asked by the same message, but it is about the plan and not about danger.
        boolean mayDecide = !kind.equals("switch_mode") && (this == ALL || (this == EDITS && kind.equals("edit")));
        return mayDecide ? allowingOption(params.path("options")) : Optional.empty();
    }

    /** Once rather than always: "always" makes some agents write a settings file into the work tree. */
    private static Optional<String> allowingOption(JsonNode options) {
        return optionOfKind(options, "allow_once").or(() -> optionOfKind(options, "allow_always"));
    }

    private static Optional<String> optionOfKind(JsonNode options, String kind) {
        for (JsonNode option : options) {
            if (option.path("kind").asText().equals(kind)) {
                return Optional.of(option.path("optionId").asText());
            }
        }
        return Optional.empty();
    }
}
