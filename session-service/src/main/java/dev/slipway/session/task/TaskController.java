package dev.slipway.session.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.paging.Paging;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tasks over HTTP. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/tasks")
class TaskController {
    private final TaskService service;
    private final TaskRepository tasks;

    TaskController(TaskService service, TaskRepository tasks) {
        this.service = service;
        this.tasks = tasks;
    }

    @Post
    @Status(HttpStatus.ACCEPTED)
    TaskView create(Caller caller, String project, @Body NewTask body) {
        return TaskView.of(service.create(caller, project, body));
    }

    @Get
    TaskList list(String project, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        int size = Paging.limit(limit);
        Paging.Page<Task> page = Paging.page(tasks.list(project, Paging.position(cursor), size + 1), size, Task::id);
        return new TaskList(page.items().stream().map(TaskView::of).toList(), page.nextCursor());
    }

    @Get("/{task}")
    TaskView get(String project, String task) {
        return TaskView.of(service.get(project, task));
    }

    /** The size of a session's difference is bounded by workspace-service, so this is one page. */
    @Get("/{task}/patches")
    PatchList patches(Caller caller, String project, String task) {
        return new PatchList(service.patches(caller, project, task).stream()
                .map(PatchView::of)
                .toList());
    }

    @Post("/{task}/apply")
    Map<String, Object> apply(Caller caller, String project, String task, @Nullable @Body Map<String, Object> body) {
        return service.apply(caller, project, task, body == null ? Map.of() : body);
    }

    @Post("/{task}/cancel")
    TaskView cancel(String project, String task) {
        return TaskView.of(service.cancel(project, task));
    }

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record TaskView(
            String taskId,
            String sessionId,
            String instruction,
            String status,
            Instant startedAt,
            @Nullable Instant endedAt) {
        static TaskView of(Task task) {
            return new TaskView(
                    task.id(), task.sessionId(), task.instruction(), task.status(), task.createdAt(), task.endedAt());
        }
    }

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record TaskList(List<TaskView> tasks, @Nullable String nextCursor) {}

    /** A file's patch; {@code content} is null where it has none to show, as for binary files. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record PatchView(String file, @Nullable String content, String type) {
        static PatchView of(Map<String, Object> file) {
            return new PatchView(
                    String.valueOf(file.get("path")),
                    file.get("patch") instanceof String patch ? patch : null,
                    String.valueOf(file.get("status")));
        }
    }

    @Serdeable
    record PatchList(List<PatchView> patches) {}
}
