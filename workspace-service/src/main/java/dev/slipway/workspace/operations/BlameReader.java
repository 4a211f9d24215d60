package dev.slipway.workspace.operations;

import dev.slipway.workspace.operations.GitViews.BlameLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code git blame --line-porcelain}: for each line a head with the commit, fields, and the line after a tab. */
final class BlameReader {
    private BlameReader() {}

    static List<BlameLine> read(String text) {
        List<BlameLine> lines = new ArrayList<>();
        Map<String, String> fields = new HashMap<>();
        String head = "";
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("\t")) {
                lines.add(line(head, fields, line.substring(1)));
                fields.clear();
                head = "";
            } else if (head.isEmpty()) {
                head = line;
            } else {
                int blank = line.indexOf(' ');
                fields.put(blank < 0 ? line : line.substring(0, blank), blank < 0 ? "" : line.substring(blank + 1));
            }
        }
        return lines;
    }

    private static BlameLine line(String head, Map<String, String> fields, String content) {
        String[] words = head.split(" ");
        String email = fields.getOrDefault("author-mail", "");
        return new BlameLine(
                Integer.parseInt(words[2]),
                words[0],
                fields.getOrDefault("author", ""),
                email.replaceAll("[<>]", ""),
                Instant.ofEpochSecond(Long.parseLong(fields.getOrDefault("author-time", "0"))),
                fields.getOrDefault("summary", ""),
                content);
    }
}
