package dev.slipway.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts and times of a run of {@link Chaos}. */
final class ChaosFigures {
    private final Map<String, List<Duration>> parts = new TreeMap<>();
    private final Map<ChaosViewer.Kind, Integer> clients = new EnumMap<>(ChaosViewer.Kind.class);
    private final List<Duration> viewers = new ArrayList<>();
    private final List<Duration> turns = new ArrayList<>();

    /** A part that was killed answers again. */
    synchronized void partWasBack(String part, Duration after) {
        parts.computeIfAbsent(part, _ -> new ArrayList<>()).add(after);
        System.out.printf("  %s killed, back after %.1f s%n", part, seconds(after));
    }

    /** A client left or was killed. */
    synchronized void clientWentAway(ChaosViewer.Kind kind) {
        clients.merge(kind, 1, Integer::sum);
    }

    /** A viewer that had lost its stream, by whomever, got its next frame. */
    synchronized void viewerWasBack(Duration after) {
        viewers.add(after);
    }

    synchronized void turnTook(Duration duration) {
        turns.add(duration);
    }

    synchronized void print(List<ChaosViewer.Seen> seen, Duration took, int wrong) {
        Map<String, Long> endings = seen.stream()
                .collect(Collectors.groupingBy(ChaosViewer.Seen::ending, TreeMap::new, Collectors.counting()));
        System.out.printf(
                "%d turns in %.0f s, three viewers each; ended %s; %d wrong%n",
                seen.size(), seconds(took), endings, wrong);
        System.out.printf(
                "a turn took: median %.1f s, longest %.1f s%n", seconds(median(turns)), seconds(longest(turns)));
        System.out.printf(
                "clients that left: %d, that were killed: %d%n",
                clients.getOrDefault(ChaosViewer.Kind.LEAVES, 0), clients.getOrDefault(ChaosViewer.Kind.IS_KILLED, 0));
        System.out.printf(
                "from a broken stream to its next frame: median %.1f s, longest %.1f s, of %d%n",
                seconds(median(viewers)), seconds(longest(viewers)), viewers.size());
        System.out.println("| killed | times | back after: median s | longest s |");
        System.out.println("| --- | --- | --- | --- |");
        parts.forEach((part, times) -> System.out.printf(
                "| %s | %d | %.1f | %.1f |%n", part, times.size(), seconds(median(times)), seconds(longest(times))));
    }

    private static Duration median(List<Duration> durations) {
        List<Duration> sorted = durations.stream().sorted().toList();
        return sorted.isEmpty() ? Duration.ZERO : sorted.get(sorted.size() / 2);
    }

    private static Duration longest(List<Duration> durations) {
        return durations.isEmpty() ? Duration.ZERO : Collections.max(durations);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
