package dev.slipway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What a person, or a script, sees. */
record Terminal(PrintStream out, PrintStream err) {
    /** Tells of a failure and gives the exit code that goes with it. */
    int tell(Exception failure) {
        if (failure instanceof Failure known) {
            err.println("slipway: " + known.getMessage());
            return known.exitCode();
        }
        if (failure instanceof InterruptedException) {
            return 130;
        }
        err.println("slipway: " + failure);
        return Failure.REFUSED;
    }

    /** Rows of the named fields, in columns as wide as they need. */
    void table(JsonNode rows, String... fields) {
        List<String[]> lines = new ArrayList<>();
        lines.add(fields);
        rows.forEach(row -> {
            String[] line = new String[fields.length];
            for (int i = 0; i < fields.length; i++) {
                JsonNode value = row.path(fields[i]);
                line[i] = value.isMissingNode() || value.isNull() ? "-" : printable(value.asText());
            }
            lines.add(line);
        });
        int[] widths = new int[fields.length];
        lines.forEach(line -> {
            for (int i = 0; i < line.length; i++) {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        });
        for (String[] line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < line.length; i++) {
                text.append(line[i]).append(" ".repeat(widths[i] - line[i].length() + 2));
            }
            out.println(text.toString().stripTrailing());
        }
    }

    /** Text from elsewhere without what would move the cursor or colour the terminal. */
    static String printable(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]", "");
    }
}
