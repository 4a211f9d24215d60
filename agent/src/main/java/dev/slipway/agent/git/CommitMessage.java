package dev.slipway.agent.git;

import java.util.Locale;
import java.util.regex.Pattern;

/** The message of a checkpoint, made from what the user asked for. */
final class CommitMessage {
    /** The usual width of a title, in characters. */
    private static final int TITLE_MAX = 72;

    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}]+");

    private CommitMessage() {}

    /** A conventional commit: a title from the prompt's first line, and trailers that say who did it and when. */
    static String of(String prompt, String turnId, String sessionId, String agentName, String agentType) {
        return title(prompt) + "\n\nSlipway-Session: " + sessionId + "\nSlipway-Turn: " + turnId + "\nCo-authored-by: "
                + agentName + " <" + agentType + "@agents.slipway.invalid>\n";
    }

    private static String title(String prompt) {
        String firstLine = prompt.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
        String text = BLANKS.matcher(firstLine).replaceAll(" ").strip();
        if (text.isEmpty()) {
            return "chore: work of an agent";
        }
        String kind = kindOf(text.toLowerCase(Locale.ROOT));
        return shortened(kind + ": " + text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1));
    }

    private static String kindOf(String text) {
        if (text.matches("(fix|repair|correct|resolve|bug)\\b.*")) {
            return "fix";
        }
        if (text.matches("(add|create|implement|make|build|write|introduce|support)\\b.*")) {
            return "feat";
        }
        if (text.matches("(document|describe|explain)\\b.*") || text.contains("readme")) {
            return "docs";
        }
        if (text.matches("(refactor|rename|move|clean|simplify|extract)\\b.*")) {
            return "refactor";
        }
        return text.matches("test\\b.*") ? "test" : "chore";
    }

    private static String shortened(String title) {
        if (title.codePointCount(0, title.length()) <= TITLE_MAX) {
            return title;
        }
        String cut = title.substring(0, title.offsetByCodePoints(0, TITLE_MAX - 1));
        int blank = cut.lastIndexOf(' ');
        return (blank > TITLE_MAX / 2 ? cut.substring(0, blank) : cut) + "…";
    }
}
