package dev.slipway.agent;

import dev.slipway.agent.api.ActivityApi;
import dev.slipway.agent.api.AgentApi;
import dev.slipway.agent.api.CommandApi;
import dev.slipway.agent.api.FilesApi;
import dev.slipway.agent.api.JournalApi;
import dev.slipway.agent.api.ServicesApi;
import dev.slipway.agent.api.TerminalApi;
import dev.slipway.agent.cli.Surroundings;
import dev.slipway.agent.http.HttpServer;
import dev.slipway.agent.http.Router;
import dev.slipway.agent.log.Log;
import dev.slipway.agent.port.PortTunnel;
import dev.slipway.agent.relay.EgressRelay;
import dev.slipway.agent.services.Hooks;
import dev.slipway.agent.services.Services;
import dev.slipway.agent.session.Supervisor;
import dev.slipway.agent.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;

/** Joins the parts and keeps them until the container is stopped. */
public final class AgentMain implements AutoCloseable {
    /** The version of this program, as {@code GET /health} tells it. */
    public static final String VERSION = "0.1.0";

    private static final int RELAY_PORT = 17080;

    private final EgressRelay relay;
    private final Supervisor supervisor;
    private final Terminal terminal;
    private final Services services;
    private final HttpServer server;

    private AgentMain(
            EgressRelay relay, Supervisor supervisor, Terminal terminal, Services services, HttpServer server) {
        this.relay = relay;
        this.supervisor = supervisor;
        this.terminal = terminal;
        this.services = services;
        this.server = server;
    }

    /** With {@code --train}, starts in a folder of its own, uses itself once and exits: see the image's build. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 1 && arguments[0].equals("--train")) {
            Training.run();
            return;
        }
        AgentMain agent = start(AgentPaths.ofSandbox(), RELAY_PORT, Clock.systemUTC());
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            agent.close();
            stopped.countDown();
        }));
        stopped.await();
    }

    /**
     * Starts everything.
     *
     * @param relayPort 0 for any free one
     */
    public static AgentMain start(AgentPaths paths, int relayPort, Clock clock) throws IOException {
        Files.createDirectories(paths.home());
        EgressRelay relay = EgressRelay.start(relayPort, paths.egressSocket());
        var surroundings = new Surroundings(paths.home(), relay.port(), paths.caFile(), paths.bundleFile());
        Supervisor supervisor = Supervisor.start(paths, surroundings, clock);
        var router = new Router();
        new AgentApi(supervisor, VERSION, Training::run).addTo(router);
        new JournalApi(supervisor.journal()).addTo(router);
        new FilesApi(supervisor, paths.workspace()).addTo(router);
        Terminal terminal = Terminal.of(paths.data(), paths.workspace(), supervisor::environment, clock);
        var commands = new CommandApi(supervisor, paths.workspace());
        var tunnel = new PortTunnel(relay.port());
        var hooks = Hooks.of(paths.workspace(), paths.scripts(), supervisor::environment, clock);
        var services = new Services(paths.workspace(), paths.scripts(), supervisor::environment, clock);
        new TerminalApi(terminal).addTo(router);
        commands.addTo(router);
        new ServicesApi(services, hooks, tunnel, relay.port()).addTo(router);
        new ActivityApi(terminal, commands, tunnel).addTo(router);
        HttpServer server = HttpServer.start(paths.agentSocket(), router);
        Thread.ofVirtual().name("repository-scripts").start(() -> runScripts(supervisor, hooks, services));
        Log.info(
                "agent listens", "version", VERSION, "phase", supervisor.phase().wire());
        return new AgentMain(relay, supervisor, terminal, services, server);
    }

    /** When the session's files are here: first what the repository wants done once, then what it wants to run. */
    private static void runScripts(Supervisor supervisor, Hooks hooks, Services services) {
        try {
            supervisor.awaitWorkspace();
            hooks.runSetup();
            services.startWanted();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what runs and writes what is left to write; takes less than 8 s, after which the engine would kill. */
    @Override
    public void close() {
        try {
            relay.close();
            terminal.close();
            services.close();
            supervisor.close();
            server.close();
        } catch (IOException e) {
            Log.warn("sockets cannot be closed", "error", e.getMessage());
        }
        Log.info("agent stopped");
    }
}
