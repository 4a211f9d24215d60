package dev.slipway.workspace.authorship;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.registry.WorkspaceService;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** Names and messages of commits over HTTP. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/workspaces/{workspace}/git")
class AuthorshipController {
    private static final int LENGTH_MAX = 200;

    private final Authorship authorship;
    private final WorkspaceService workspaces;

    AuthorshipController(Authorship authorship, WorkspaceService workspaces) {
        this.authorship = authorship;
        this.workspaces = workspaces;
    }

    /** {@code user.name} and {@code user.email} of git. */
    @Serdeable
    record Author(@Nullable String name, @Nullable String email) {}

    @Get("/author")
    Author author(String project, String workspace, Caller caller) {
        workspaces.need(project, workspace);
        Person person = authorship.of(caller, workspace);
        return new Author(person.name(), person.email());
    }

    @Put("/author")
    Author choose(String project, String workspace, Caller caller, @Body Author body) {
        workspaces.need(project, workspace);
        Person person = new Person(plain("name", body.name()), plain("email", body.email()));
        authorship.choose(caller.userId(), workspace, person);
        return new Author(person.name(), person.email());
    }

    @Delete("/author")
    Author forget(String project, String workspace, Caller caller) {
        workspaces.need(project, workspace);
        authorship.forget(caller.userId(), workspace);
        return author(project, workspace, caller);
    }

    @Get("/commit-style")
    CommitStyle style(String project, String workspace) {
        workspaces.need(project, workspace);
        return authorship.styleOf(workspace);
    }

    @Put("/commit-style")
    CommitStyle style(String project, String workspace, Caller caller, @Body CommitStyleWish body) {
        workspaces.need(project, workspace);
        caller.require(Role.ADMIN);
        body.check();
        authorship.style(workspace, body);
        return authorship.styleOf(workspace);
    }

    private static String plain(String field, @Nullable String text) {
        if (text == null
                || text.isBlank()
                || text.length() > LENGTH_MAX
                || text.chars().anyMatch(c -> Character.isISOControl(c) || c == '<' || c == '>')) {
            throw ProblemException.invalid(
                    field,
                    "missing, too long or with characters that git cannot keep (expected: 1 to " + LENGTH_MAX + ")");
        }
        return text.strip();
    }
}
