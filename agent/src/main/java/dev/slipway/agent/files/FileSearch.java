package dev.slipway.agent.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.git.Git;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds files and folders by a part of their path, or by letters of it in order. What git ignores is not looked at: nobody
 * who searches means the hundred thousand files of a package folder.
 */
public final class FileSearch {
    /** How many results there are at most. */
    public static final int RESULTS_MAX = 200;

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int FILES_MAX = 200_000;

    private final Git git;

    /** @param git in the work tree */
    public FileSearch(Git git) {
        this.git = git;
    }

    private record Found(String path, String type, double score) {}

    /** The best matches first, of equals the shorter path. */
    public ObjectNode find(String query, int limit) throws IOException, InterruptedException {
        String listed = git.run(TIMEOUT, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
        Map<String, String> types = new LinkedHashMap<>();
        for (String path : listed.split("\0", -1)) {
            if (!path.isEmpty() && types.size() < FILES_MAX) {
                types.put(path, "file");
                for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                    types.putIfAbsent(path.substring(0, slash), "directory");
                }
            }
        }
        List<Found> found = types.entrySet().stream()
                .map(entry -> new Found(entry.getKey(), entry.getValue(), score(query, entry.getKey())))
                .filter(candidate -> candidate.score > 0)
                .sorted(Comparator.comparingDouble((Found candidate) -> -candidate.score)
                        .thenComparingInt(candidate -> candidate.path.length())
                        .thenComparing(Found::path))
                .limit(limit)
                .toList();
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("query", query);
        ArrayNode results = answer.putArray("results");
        found.forEach(one ->
                results.addObject().put("path", one.path).put("type", one.type).put("score", one.score));
        return answer;
    }

    /** 1 for the very name, less for a part of it, little for letters in order, 0 for none of these. */
    static double score(String query, String path) {
        String wanted = query.toLowerCase(Locale.ROOT);
        String whole = path.toLowerCase(Locale.ROOT);
        String name = whole.substring(whole.lastIndexOf('/') + 1);
        if (name.equals(wanted) || whole.equals(wanted)) {
            return 1;
        }
        if (name.startsWith(wanted)) {
            return 0.9;
        }
        if (name.contains(wanted)) {
            return 0.8;
        }
        if (whole.contains(wanted)) {
            return 0.7;
        }
        int at = 0;
        int first = -1;
        for (int i = 0; i < wanted.length(); i++) {
            at = whole.indexOf(wanted.charAt(i), at);
            if (at < 0) {
                return 0;
            }
            first = first < 0 ? at : first;
            at++;
        }
        // The closer together the letters stand, the likelier they were meant.
        return 0.5 * wanted.length() / Math.max(1, at - first);
    }
}
