package dev.slipway.agent.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.http.HttpRequest;
import dev.slipway.agent.http.HttpResponse;
import dev.slipway.agent.http.Problem;
import dev.slipway.agent.http.Router;
import dev.slipway.agent.port.ListeningPorts;
import dev.slipway.agent.port.PortTunnel;
import dev.slipway.agent.services.Hooks;
import dev.slipway.agent.services.Services;
import java.io.IOException;
import java.util.Map;

/** Services and hooks of the repository, the ports that listen, and the way to them. */
public final class ServicesApi {
    private final Services services;
    private final Hooks hooks;
    private final PortTunnel tunnel;
    private final int relayPort;

    public ServicesApi(Services services, Hooks hooks, PortTunnel tunnel, int relayPort) {
        this.services = services;
        this.hooks = hooks;
        this.tunnel = tunnel;
        this.relayPort = relayPort;
    }

    /** Adds its rows to the table of paths. */
    public void addTo(Router router) {
        router.route("GET", "/services", (_, _) -> list())
                .route("POST", "/services/{id}/start", (_, path) -> start(id(path)))
                .route("POST", "/services/{id}/stop", (_, path) -> stop(id(path)))
                .route("GET", "/services/{id}/output", (_, path) -> output(services.output(id(path))))
                .route("GET", "/hooks/status", (_, _) -> HttpResponse.json(200, hooks.status()))
                .route("GET", "/hooks/{id}/output", (_, path) -> output(hooks.output(id(path))))
                .route("POST", "/hooks/{id}/rerun", (_, path) -> rerun(id(path)))
                .route("GET", "/ports/{port}", (request, path) -> connect(request, path.getOrDefault("port", "")));
    }

    private HttpResponse list() throws IOException {
        ObjectNode answer = object();
        answer.set("services", services.list());
        ArrayNode ports = answer.putArray("ports");
        ListeningPorts.now(relayPort).forEach(port -> ports.addObject().put("port", port));
        answer.set("hooks", hooks.status().path("hooks"));
        return HttpResponse.json(200, answer);
    }

    private HttpResponse start(String id) throws IOException {
        services.start(id);
        return HttpResponse.json(202, object().put("status", "starting").put("serviceId", id));
    }

    private HttpResponse stop(String id) throws IOException, InterruptedException {
        services.stop(id);
        return HttpResponse.json(200, object().put("status", "stopped").put("serviceId", id));
    }

    private HttpResponse rerun(String id) throws IOException, InterruptedException {
        int code = hooks.rerun(id).orElseThrow(() -> Problem.of(404, "The repository has no hook of this name."));
        return HttpResponse.json(200, object().put("success", code == 0).put("exitCode", code));
    }

    private static HttpResponse output(String text) {
        return HttpResponse.json(200, object().put("output", text));
    }

    private HttpResponse connect(HttpRequest request, String port) throws IOException {
        if (!request.header("upgrade").filter("tcp"::equalsIgnoreCase).isPresent()) {
            throw Problem.of(400, "Ports are reached by an upgrade to tcp.");
        }
        return tunnel.to(port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0);
    }

    private static String id(Map<String, String> path) {
        return path.getOrDefault("id", "");
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
