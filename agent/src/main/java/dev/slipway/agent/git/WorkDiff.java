package dev.slipway.agent.git;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the session has changed against its base: committed, not committed, and new.
 *
 * <p>It is computed on a copy of git's index, so that looking changes nothing for the agent.
 */
public final class WorkDiff {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    /** A longer patch of one file is left out; its line counts are still given. */
    private static final int PATCH_CHARACTERS_MAX = 1 << 20;

    private final Git git;
    private final Path workspace;

    public WorkDiff(Git git, Path workspace) {
        this.git = git.in(workspace);
        this.workspace = workspace;
    }

    private record Change(String path, @Nullable String oldPath, String status) {}

    private record Lines(int added, int deleted, boolean binary) {}

    /**
     * The whole diff.
     *
     * @param withPatches false for the names alone
     */
    public ObjectNode all(String base, boolean withPatches) throws IOException, InterruptedException {
        return onCopyOfIndex(index -> {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            ArrayNode files = answer.putArray("files");
            List<Change> changes = changes(index, base);
            Map<String, Lines> lines = lines(index, base);
            List<String> patches = withPatches ? patches(index, base, Optional.empty()) : List.of();
            int added = 0;
            int deleted = 0;
            for (int i = 0; i < changes.size(); i++) {
                Lines count = lines.getOrDefault(changes.get(i).path, new Lines(0, 0, false));
                added += count.added;
                deleted += count.deleted;
                ObjectNode file = describe(changes.get(i));
                if (withPatches) {
                    describe(file, count, patches.size() == changes.size() ? patches.get(i) : "");
                }
                files.add(file);
            }
            answer.putObject("stats")
                    .put("filesChanged", changes.size())
                    .put("additions", added)
                    .put("deletions", deleted);
            return answer;
        });
    }

    /** The diff of one file; status {@code unchanged} if there is none. */
    public ObjectNode one(String base, String path) throws IOException, InterruptedException {
        return onCopyOfIndex(index -> {
            Optional<Change> change = changes(index, base).stream()
                    .filter(candidate -> candidate.path.equals(path))
                    .findFirst();
            Lines count = lines(index, base).getOrDefault(path, new Lines(0, 0, false));
            List<String> patches = change.isEmpty() ? List.of() : patches(index, base, Optional.of(path));
            ObjectNode file = describe(change.orElse(new Change(path, null, "unchanged")));
            return describe(file, count, patches.isEmpty() ? "" : patches.getFirst());
        });
    }

    @FunctionalInterface
    private interface Question {
        ObjectNode ask(Git index) throws IOException, InterruptedException;
    }

    private ObjectNode onCopyOfIndex(Question question) throws IOException, InterruptedException {
        Path copy = Files.createTempFile("slipway-index", "");
        try {
            Path index = workspace.resolve(".git/index");
            if (Files.exists(index)) {
                Files.copy(index, copy, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.delete(copy);
            }
            Git onCopy = git.with("GIT_INDEX_FILE", copy.toString());
            onCopy.run(TIMEOUT, "add", "--all");
            return question.ask(onCopy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static List<Change> changes(Git index, String base) throws IOException, InterruptedException {
        String[] fields = index.run(TIMEOUT, "diff", "--cached", "--find-renames", "--name-status", "-z", base)
                .split("\0");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i + 1 < fields.length; ) {
            char letter = fields[i].charAt(0);
            if (letter == 'R' || letter == 'C') {
                changes.add(new Change(fields[i + 2], fields[i + 1], letter == 'R' ? "renamed" : "added"));
                i += 3;
            } else {
                changes.add(new Change(
                        fields[i + 1], null, letter == 'A' ? "added" : letter == 'D' ? "deleted" : "modified"));
                i += 2;
            }
        }
        return changes;
    }

    private static Map<String, Lines> lines(Git index, String base) throws IOException, InterruptedException {
        // Renames are shown as "added TAB deleted TAB NUL old NUL new NUL".
        String[] fields = index.run(TIMEOUT, "diff", "--cached", "--find-renames", "--numstat", "-z", base)
                .split("\0");
        Map<String, Lines> lines = new HashMap<>();
        for (int i = 0; i < fields.length; i++) {
            String[] parts = fields[i].split("\t", 3);
            if (parts.length < 3) {
                continue;
            }
            boolean binary = parts[0].equals("-");
            Lines count =
                    new Lines(binary ? 0 : Integer.parseInt(parts[0]), binary ? 0 : Integer.parseInt(parts[1]), binary);
            if (parts[2].isEmpty() && i + 2 < fields.length) {
                lines.put(fields[i + 2], count);
                i += 2;
            } else {
                lines.put(parts[2], count);
            }
        }
        return lines;
    }

    /** One patch per changed file, in the order of {@link #changes}. */
    private static List<String> patches(Git index, String base, Optional<String> path)
            throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(List.of("diff", "--cached", "--find-renames", "--no-color", "--no-ext-diff", base));
        path.ifPresent(only -> arguments.addAll(List.of("--", ":(literal)" + only)));
        String all = index.run(TIMEOUT, line -> {}, arguments);
        List<String> patches = new ArrayList<>();
        // Lines of content begin with a blank, a sign or a backslash, so this can only be the head of a file.
        int start = all.startsWith("diff --git ") ? 0 : -1;
        while (start >= 0) {
            int next = all.indexOf("\ndiff --git ", start);
            patches.add(next < 0 ? all.substring(start) : all.substring(start, next + 1));
            start = next < 0 ? -1 : next + 1;
        }
        return patches;
    }

    private static ObjectNode describe(Change change) {
        ObjectNode file =
                JsonNodeFactory.instance.objectNode().put("path", change.path).put("status", change.status);
        return change.oldPath == null ? file : file.put("oldPath", change.oldPath);
    }

    private static ObjectNode describe(ObjectNode file, Lines count, String patch) {
        file.put("additions", count.added).put("deletions", count.deleted).put("binary", count.binary);
        return patch.length() > PATCH_CHARACTERS_MAX ? file.put("patchOmitted", true) : file.put("patch", patch);
    }
}
