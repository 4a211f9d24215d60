package dev.slipway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Shows the parts of an agent's answer (Vercel AI SDK, UI message stream) as they come. */
final class UiMessageStream {
    private static final int LINE_MAX = 160;

    private final PrintStream out;
    private final boolean json;
    private boolean atLineStart = true;
    private @Nullable String error;

    UiMessageStream(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** What went wrong in the turn, if anything did. */
    @Nullable
    String error() {
        return error;
    }

    void show(JsonNode part) {
        String type = part.path("type").asText();
        if (type.equals("error")) {
            error = Terminal.printable(part.path("errorText").asText("the turn failed"));
        }
        if (json) {
            out.println(part);
            return;
        }
        switch (type) {
            case "text-delta" -> text(part.path("delta").asText());
            case "reasoning-start" -> line("(thinking)");
            case "tool-input-available" -> line("→ " + toolName(part) + " " + brief(part.path("input")));
            case "tool-output-error" -> line("✗ " + part.path("errorText").asText());
            case "data-permission" -> line("? the agent asks for permission: " + brief(part.path("data")));
            case "data-queued" -> line("(queued behind the running turn)");
            case "abort" -> line("(cancelled)");
            case "text-end", "finish" -> endLine();
            default -> {
                // The parts that frame others say nothing by themselves.
            }
        }
        out.flush();
    }

    private static String toolName(JsonNode part) {
        return part.path("title").asText(part.path("toolName").asText("tool"));
    }

    private void text(String delta) {
        String plain = Terminal.printable(delta);
        if (!plain.isEmpty()) {
            out.print(plain);
            atLineStart = plain.endsWith("\n");
        }
    }

    private void line(String text) {
        endLine();
        out.println(Terminal.printable(text));
    }

    private void endLine() {
        if (!atLineStart) {
            out.println();
            atLineStart = true;
        }
    }

    private static String brief(JsonNode value) {
        String text = value.isTextual() ? value.asText() : value.toString();
        return text.length() <= LINE_MAX ? text : text.substring(0, LINE_MAX) + "…";
    }
}
