package dev.slipway.gateway.events;

import dev.slipway.gateway.door.Admission;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Set;

/** Changes which sessions' chat a stream carries, while it flows. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/projects/{project}/events")
class SubscriptionController {
    private final Subscriptions subscriptions;

    SubscriptionController(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    /** What a stream is to carry from now on; all that it carried before and is not named ends. */
    @Serdeable
    record Subscription(@NotNull String stream, @NotNull List<String> sessions) {}

    @Put("/subscriptions")
    Subscription set(Admission admission, @Body @Valid Subscription body) {
        if (!Ids.isWellFormed(body.stream())) {
            throw ProblemException.invalid("stream", "malformed (expected: the stream's name, as in ?stream=)");
        }
        Set<String> sessions = EventQuery.sessions(Set.copyOf(body.sessions()));
        Subscriptions.Name name =
                new Subscriptions.Name(admission.project(), admission.user().id(), body.stream());
        subscriptions.set(name, sessions);
        subscriptions.tell(name, sessions);
        return new Subscription(body.stream(), List.copyOf(sessions));
    }
}
