package dev.slipway.session.task;

import dev.slipway.contracts.session.SessionEvent.JobCompleted;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.session.transcript.TurnSummary;
import dev.slipway.session.turn.Turn;
import dev.slipway.session.turn.TurnListener;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;

/** A task is over when its turn is, in the same transaction. */
@Singleton
class TaskEnds implements TurnListener {
    private final TaskRepository tasks;
    private final Outbox outbox;

    TaskEnds(TaskRepository tasks, Outbox outbox) {
        this.tasks = tasks;
        this.outbox = outbox;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void ended(Turn turn, TurnSummary.Outcome outcome) {
        String status = switch (outcome) {
            case FINISHED -> "completed";
            case ABORTED -> "cancelled";
            case FAILED -> "failed";
        };
        tasks.saveEnd(turn.id(), status)
                .ifPresent(task -> outbox.append(
                        task.projectId(),
                        task.sessionId(),
                        new JobCompleted(task.id(), "task", task.sessionId(), status)));
    }
}
