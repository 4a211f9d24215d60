package dev.slipway.gateway.events;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who watches which project. An event costs one task for each event loop, however many of its connections watch. */
final class Audience {
    private final Map<String, Map<EventLoop, Set<EventViewer>>> projects = new ConcurrentHashMap<>();

    void add(String projectId, EventViewer viewer) {
        projects.compute(projectId, (_, present) -> {
            Map<EventLoop, Set<EventViewer>> loops = present == null ? new ConcurrentHashMap<>() : present;
            loops.computeIfAbsent(viewer.loop(), _ -> ConcurrentHashMap.newKeySet())
                    .add(viewer);
            return loops;
        });
    }

    void remove(String projectId, EventViewer viewer) {
        projects.computeIfPresent(projectId, (_, loops) -> {
            loops.computeIfPresent(viewer.loop(), (_, viewers) -> {
                viewers.remove(viewer);
                return viewers.isEmpty() ? null : viewers;
            });
            return loops.isEmpty() ? null : loops;
        });
    }

    boolean isWatching(String projectId) {
        return projects.containsKey(projectId);
    }

    void tell(EventFrame frame) {
        projects.getOrDefault(frame.projectId(), Map.of())
                .forEach((loop, viewers) -> loop.execute(() -> viewers.forEach(viewer -> viewer.live(frame))));
    }
}
