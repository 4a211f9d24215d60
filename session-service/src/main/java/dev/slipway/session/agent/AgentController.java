package dev.slipway.session.agent;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Agents over HTTP. Members read, admins change. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/agents")
class AgentController {
    private final AgentService agents;

    AgentController(AgentService agents) {
        this.agents = agents;
    }

    @Get
    AgentView.AgentList list(String project, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        int size = Paging.limit(limit);
        Paging.Page<Agent> page = Paging.page(agents.list(project, Paging.position(cursor), size + 1), size, Agent::id);
        return new AgentView.AgentList(page.items().stream().map(AgentView::of).toList(), page.nextCursor());
    }

    @Post
    HttpResponse<AgentView> create(Caller caller, String project, @Body NewAgent body) {
        caller.require(Role.ADMIN);
        return tagged(HttpResponse.created(AgentView.of(agents.create(project, body.settings()))), 1);
    }

    @Get("/types")
    AgentView.TypeList types() {
        return new AgentView.TypeList(
                Arrays.stream(AgentType.values()).map(AgentView.TypeView::of).toList());
    }

    @Post("/default")
    Map<String, Object> makeDefault(Caller caller, String project, @Body DefaultAgent body) {
        caller.require(Role.ADMIN);
        if (body.agentId() == null) {
            throw ProblemException.invalid("agentId", "missing (expected: the id of an agent)");
        }
        agents.makeDefault(project, body.agentId());
        return Map.of("success", true);
    }

    @Get("/{agent}")
    HttpResponse<AgentView> get(String project, String agent) {
        Agent found = agents.get(project, agent);
        return tagged(HttpResponse.ok(AgentView.of(found)), found.version());
    }

    @Put("/{agent}")
    HttpResponse<AgentView> change(
            Caller caller,
            String project,
            String agent,
            @Body NewAgent body,
            @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
        caller.require(Role.ADMIN);
        Agent changed = agents.change(project, agent, body.settings(), ifMatch);
        return tagged(HttpResponse.ok(AgentView.of(changed)), changed.version());
    }

    @Delete("/{agent}")
    Map<String, Object> delete(
            Caller caller, String project, String agent, @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
        caller.require(Role.ADMIN);
        agents.delete(project, agent, ifMatch);
        return Map.of("success", true);
    }

    private static HttpResponse<AgentView> tagged(
            io.micronaut.http.MutableHttpResponse<AgentView> response, long version) {
        return response.header(HttpHeaders.ETAG, Etag.of(version));
    }

    @Serdeable
    record DefaultAgent(@Nullable String agentId) {}
}
