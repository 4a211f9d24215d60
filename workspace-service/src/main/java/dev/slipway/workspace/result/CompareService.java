package dev.slipway.workspace.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.diff.Diffs;
import dev.slipway.workspace.diff.FileDiff;
import dev.slipway.workspace.git.Cache;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sets sessions of one workspace side by side: what each did, which files several of them touched, and whether they get along. */
@Singleton
class CompareService {
    private static final int SESSIONS_MAX = 6;

    private final SessionResults results;

    CompareService(SessionResults results) {
        this.results = results;
    }

    /** One of the sessions. */
    @Serdeable
    record Side(String session, String baseCommit, String headCommit, int filesChanged) {}

    /** A file that several touched; {@code conflict} if two of them changed the same lines. */
    @Serdeable
    record Overlap(String path, List<String> sessions, boolean conflict) {}

    /** The comparison; {@code diffs} is what differs from the first to the second, and empty if there are more. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Comparison(List<Side> sessions, List<Overlap> overlaps, List<FileDiff> diffs) {}

    Comparison compare(String projectId, String workspaceId, String sessions) {
        List<SessionWork> works = works(projectId, workspaceId, sessions);
        List<Side> sides = new ArrayList<>();
        Map<String, List<String>> touched = new TreeMap<>();
        for (SessionWork work : works) {
            String id = work.checkout().sessionId();
            List<FileDiff> files = Diffs.between(work.cache().command(), work.base(), work.head())
                    .files(List.of());
            sides.add(new Side(id, work.base(), work.head(), files.size()));
            for (FileDiff file : files) {
                touched.computeIfAbsent(file.path(), path -> new ArrayList<>()).add(id);
            }
        }
        Set<String> conflicts = conflicts(works);
        List<Overlap> overlaps = touched.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .limit(Diffs.FILES_MAX)
                .map(entry -> new Overlap(entry.getKey(), entry.getValue(), conflicts.contains(entry.getKey())))
                .toList();
        return new Comparison(sides, overlaps, works.size() == 2 ? diffs(works).files(List.of()) : List.of());
    }

    /** What differs from the first to the second of two sessions, ready to be read. */
    Diffs.Reader reader(String projectId, String workspaceId, String sessions) {
        List<SessionWork> works = works(projectId, workspaceId, sessions);
        if (works.size() != 2) {
            throw ProblemException.invalid("sessions", works.size() + " sessions (expected: two, for patches)");
        }
        Diffs diffs = diffs(works);
        return reading -> reading.from(diffs);
    }

    private static Diffs diffs(List<SessionWork> works) {
        SessionWork first = works.getFirst();
        return Diffs.between(
                first.cache().command(), first.head(), works.getLast().head());
    }

    private static Set<String> conflicts(List<SessionWork> works) {
        Set<String> conflicts = new HashSet<>();
        for (int first = 0; first < works.size(); first++) {
            for (int second = first + 1; second < works.size(); second++) {
                Cache cache = works.get(first).cache();
                conflicts.addAll(cache.mergeCommits(
                                works.get(first).head(), works.get(second).head())
                        .conflicts());
            }
        }
        return conflicts;
    }

    private List<SessionWork> works(String projectId, String workspaceId, String sessions) {
        List<String> ids = List.of(sessions.split(",")).stream()
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .distinct()
                .toList();
        if (ids.size() < 2 || ids.size() > SESSIONS_MAX) {
            throw ProblemException.invalid(
                    "sessions", ids.size() + " sessions (expected: 2 to " + SESSIONS_MAX + ", separated by commas)");
        }
        List<SessionWork> works = new ArrayList<>();
        for (String id : ids) {
            SessionWork work = results.work(projectId, id);
            if (!work.checkout().workspaceId().equals(workspaceId)) {
                throw ProblemException.notFound("session");
            }
            works.add(work);
        }
        return works;
    }
}
