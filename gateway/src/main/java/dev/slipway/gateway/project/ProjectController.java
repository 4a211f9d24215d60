package dev.slipway.gateway.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.contracts.gateway.ProjectLimits;
import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.door.EntityTags;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Projects. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/projects")
class ProjectController {
    private final ProjectService projects;

    ProjectController(ProjectService projects) {
        this.projects = projects;
    }

    @Serdeable
    record ProjectName(@NotBlank String name) {}

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Projects(List<Project> projects, @Nullable String nextCursor) {}

    @Serdeable
    record Done(boolean success) {}

    @Get
    Projects list(Admission admission, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        Page<Project> page = projects.list(admission.user().id(), Paging.position(cursor), Paging.limit(limit));
        return new Projects(page.items(), page.nextCursor());
    }

    @Post
    @Status(HttpStatus.CREATED)
    Project create(Admission admission, @Body @Valid ProjectName body) {
        return projects.create(admission.user().id(), body.name());
    }

    @Get("/{project}")
    HttpResponse<Project> get(Admission admission) {
        return tagged(projects.get(admission.project(), admission.user().id()));
    }

    @Put("/{project}")
    HttpResponse<Project> rename(
            Admission admission, @Body @Valid ProjectName body, @Nullable @Header("If-Match") String ifMatch) {
        admission.require(Role.ADMIN);
        return tagged(
                projects.rename(admission.project(), admission.user().id(), body.name(), EntityTags.version(ifMatch)));
    }

    @Delete("/{project}")
    Done delete(Admission admission, @Nullable @Header("If-Match") String ifMatch) {
        admission.require(Role.OWNER);
        projects.delete(admission.project(), admission.user().id(), EntityTags.version(ifMatch));
        return new Done(true);
    }

    /** The tag is the project's: limits are a part of it. */
    @Get("/{project}/limits")
    HttpResponse<ProjectLimits> limits(Admission admission) {
        Project project = projects.get(admission.project(), admission.user().id());
        return tagged(project, projects.limits(project.id()));
    }

    @Put("/{project}/limits")
    HttpResponse<ProjectLimits> limit(
            Admission admission, @Body @Valid NewLimits body, @Nullable @Header("If-Match") String ifMatch) {
        admission.require(Role.ADMIN);
        ProjectLimits limits = body.limits();
        return tagged(
                projects.limit(admission.project(), admission.user().id(), limits, EntityTags.version(ifMatch)),
                limits);
    }

    private static HttpResponse<Project> tagged(Project project) {
        return tagged(project, project);
    }

    private static <T> HttpResponse<T> tagged(Project project, T body) {
        return HttpResponse.ok(body).header("ETag", EntityTags.of(project.version()));
    }
}
