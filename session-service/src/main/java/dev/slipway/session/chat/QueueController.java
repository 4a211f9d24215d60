package dev.slipway.session.chat;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.transcript.Chunk;
import dev.slipway.session.turn.Turn;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The messages that wait for their turn, which any member may edit, put in another order or remove. At most 100 wait. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/chat/{session}/queue")
class QueueController {
    private final QueueService queue;

    QueueController(QueueService queue) {
        this.queue = queue;
    }

    @Get
    QueueView list(String project, String session) {
        return view(queue.list(project, session));
    }

    @Put
    QueueView reorder(String project, String session, @Body Order body) {
        if (body.order() == null) {
            throw ProblemException.invalid("order", "missing (expected: the ids of all turns that wait)");
        }
        return view(queue.reorder(project, session, body.order()));
    }

    @Put("/{turn}")
    QueueView edit(String project, String session, String turn, @Body Edit body) {
        return view(queue.edit(project, session, turn, body));
    }

    @Delete("/{turn}")
    QueueView remove(String project, String session, String turn) {
        return view(queue.remove(project, session, turn));
    }

    private static QueueView view(List<QueueService.Waiting> waiting) {
        return new QueueView(waiting.stream().map(QueuedView::of).toList());
    }

    /** All turns that wait, first to last. */
    @Serdeable
    record Order(@Nullable List<String> order) {}

    /** The message anew, as UIMessage or as text; what is missing stays. */
    @Serdeable
    record Edit(
            @Nullable Map<String, Object> message,
            @Nullable String text,
            @Nullable String model,
            @Nullable String mode,
            @Nullable String reasoning) {
        /** The parts of the message; null if only settings change. */
        @Nullable
        List<Map<String, Object>> parts() {
            if (message != null) {
                return UserMessage.parts(message);
            }
            return text == null ? null : UserMessage.parts(Map.of("content", text));
        }
    }

    /** A message that waits. */
    @Serdeable
    record QueuedView(
            String turnId,
            int position,
            Map<String, Object> message,
            @Nullable String model,
            @Nullable String mode,
            @Nullable String reasoning,
            Instant createdAt) {
        static QueuedView of(QueueService.Waiting waiting) {
            Turn turn = waiting.turn();
            return new QueuedView(
                    turn.id(),
                    waiting.position(),
                    Chunk.object("id", turn.userMessageId(), "role", "user", "parts", waiting.parts()),
                    turn.model(),
                    turn.mode(),
                    turn.reasoning(),
                    turn.createdAt());
        }
    }

    @Serdeable
    record QueueView(List<QueuedView> queue) {}
}
