package dev.slipway.container.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether it was the want of memory that ended a container. The engine's mark for that ({@code OOMKilled}) stays from the first process
 * that was ended so, whatever ends the container later; its events tell the two apart, as long as it remembers them.
 */
final class MemoryDeath {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryDeath.class);
    /** A container whose supervisor was ended for want of memory ends at once. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final String KILL = "9";

    private MemoryDeath() {}

    /** Says so of a container that carries the mark; by the mark alone if the engine has forgotten its end. */
    static boolean ended(DockerClient docker, boolean podman, String containerId, @Nullable String finishedAt) {
        List<Event> events = new CopyOnWriteArrayList<>();
        try (var answer = new ResultCallback.Adapter<Event>() {
            @Override
            public void onNext(Event event) {
                events.add(event);
            }
        }) {
            // Both by the engine's own clock, which need not be ours; what is told a moment later belongs to it too.
            Instant end = Instant.parse(String.valueOf(finishedAt));
            docker.eventsCmd()
                    .withSince(at(end.minus(AT_ONCE)))
                    .withUntil(at(end.plus(AT_ONCE)))
                    .withContainerFilter(containerId)
                    .exec(answer)
                    .awaitCompletion(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.atDebug().addKeyValue("reason", e.toString()).log("why a container ended is told by its mark alone");
        }
        return isByMemory(events, podman);
    }

    /** Podman tells of no want of memory, and of a kill not by which signal: there the mark counts unless somebody ended the container. */
    static boolean isByMemory(List<Event> events, boolean podman) {
        boolean remembered = events.stream().anyMatch(event -> is(event, "die"));
        boolean told = podman || events.stream().anyMatch(event -> is(event, "oom"));
        return !remembered || (told && events.stream().noneMatch(event -> podman ? is(event, "kill") : isKill(event)));
    }

    private static boolean isKill(Event event) {
        return is(event, "kill")
                && event.getActor() != null
                && event.getActor().getAttributes() != null
                && KILL.equals(event.getActor().getAttributes().get("signal"));
    }

    private static boolean is(Event event, String action) {
        return action.equals(event.getAction());
    }

    private static String at(Instant moment) {
        return moment.getEpochSecond() + "." + "%09d".formatted(moment.getNano());
    }
}
