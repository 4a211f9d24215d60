package dev.slipway.session.chat;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.turn.Turn;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Chat over HTTP: Vercel AI SDK UI message streams, protocol v1. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/chat")
class ChatController {
    private final ChatService chat;
    private final TurnFeeds feeds;

    ChatController(ChatService chat, TurnFeeds feeds) {
        this.chat = chat;
        this.feeds = feeds;
    }

    @Post
    @Produces(
            MediaType
                    .ALL) // whatever a client says that it accepts: browsers ask for text/event-stream, others for JSON
    HttpResponse<Flux<byte[]>> say(
            Caller caller, String project, @Body ChatRequest body, @Nullable @QueryValue String ifRunning) {
        if (ifRunning != null && !ifRunning.equals("reject") && !ifRunning.equals("queue")) {
            throw ProblemException.invalid("ifRunning", ifRunning + " (expected: queue or reject)");
        }
        return stream(chat.say(caller, project, body, "reject".equals(ifRunning)), 0);
    }

    @Get("/{session}/stream")
    @Produces(MediaType.ALL)
    HttpResponse<Flux<byte[]>> resume(
            String project, String session, @Nullable @Header("Last-Event-ID") String lastEventId) {
        Optional<Position> last = Position.of(lastEventId);
        if (last.isPresent()) {
            Optional<Turn> watched = chat.watched(project, session, last.get().turnId());
            if (watched.isPresent() && !isSeen(watched.get(), last.get())) {
                return stream(watched.get(), last.get().seq());
            }
        }
        return chat.current(project, session)
                .<HttpResponse<Flux<byte[]>>>map(turn -> stream(turn, 0))
                .orElseGet(HttpResponse::noContent);
    }

    @Post("/{session}/cancel")
    Map<String, Object> cancel(String project, String session, @Nullable @QueryValue String turn) {
        Turn cancelled = chat.cancel(project, session, turn);
        return Map.of("success", true, "completionId", cancelled.id(), "status", "cancelled");
    }

    private static boolean isSeen(Turn turn, Position last) {
        return turn.isOver() && last.seq() >= turn.chunkSeq();
    }

    private HttpResponse<Flux<byte[]>> stream(Turn turn, long seen) {
        return HttpResponse.ok(feeds.watch(turn, seen))
                .header(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .header(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
                .header("x-accel-buffering", "no")
                .header("x-vercel-ai-ui-message-stream", "v1")
                .header("x-slipway-turn", turn.id());
    }

    /** Where a viewer was: {@code <turn>:<seq>}. */
    private record Position(String turnId, long seq) {
        static Optional<Position> of(@Nullable String lastEventId) {
            if (lastEventId == null || lastEventId.isBlank()) {
                return Optional.empty();
            }
            int colon = lastEventId.lastIndexOf(':');
            try {
                return Optional.of(new Position(
                        lastEventId.substring(0, Math.max(colon, 0)),
                        Long.parseLong(lastEventId.substring(colon + 1))));
            } catch (NumberFormatException _) {
                throw ProblemException.invalid(
                        "Last-Event-ID", "malformed (expected: <turn>:<number>, as sent before)");
            }
        }
    }
}
