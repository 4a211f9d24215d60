package dev.slipway.agent.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.slipway.agent.http.HttpResponse;
import dev.slipway.agent.http.Router;
import dev.slipway.agent.port.PortTunnel;
import dev.slipway.agent.terminal.Terminal;

/** What goes on besides turns: {@code GET /activity}, by which an idle sandbox is told from a used one. */
public final class ActivityApi {
    private final Terminal terminal;
    private final CommandApi commands;
    private final PortTunnel tunnel;

    public ActivityApi(Terminal terminal, CommandApi commands, PortTunnel tunnel) {
        this.terminal = terminal;
        this.commands = commands;
        this.tunnel = tunnel;
    }

    /** Adds its row to the table of paths. */
    public void addTo(Router router) {
        router.route(
                "GET",
                "/activity",
                (_, _) -> HttpResponse.json(
                        200,
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("terminal", terminal.end())
                                .put("commands", commands.running())
                                .put("connections", tunnel.open())));
    }
}
