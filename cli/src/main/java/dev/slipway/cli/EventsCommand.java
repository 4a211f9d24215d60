package dev.slipway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What happens in the project, as it happens. */
@Command(name = "events", description = "Show what happens in the project, until it is interrupted.")
final class EventsCommand extends GatewayCommand {
    private static final long RESUME_PAUSE_MILLISECONDS = 1000;

    @Option(names = "--since", description = "Begin with those after this time (RFC 3339).")
    @Nullable
    String since;

    @Option(names = "--types", description = "Only these types, separated by commas.")
    @Nullable
    String types;

    @Override
    public Integer call() throws InterruptedException {
        String query = (since == null ? "" : "&since=" + Gateway.encode(since))
                + (types == null ? "" : "&types=" + Gateway.encode(types));
        String path = "events" + query.replaceFirst("^&", "?");
        Map<String, String> from = Map.of();
        while (true) {
            InputStream stream = gateway().open("GET", path, null, from);
            if (stream == null) {
                return 0;
            }
            ServerSentEvents events = new ServerSentEvents(stream);
            follow(events);
            String last = events.lastId();
            from = last == null ? from : Map.of("Last-Event-ID", last);
            Thread.sleep(RESUME_PAUSE_MILLISECONDS);
        }
    }

    private void follow(ServerSentEvents stream) {
        try (ServerSentEvents events = stream) {
            for (var event = events.next(); event != null; event = events.next()) {
                if (json) {
                    terminal().out().println(event.data());
                } else if (!event.name().equals("connected")) {
                    JsonNode data = Gateway.JSON.readTree(event.data());
                    terminal()
                            .out()
                            .println(Terminal.printable(data.path("timestamp").asText() + "  " + event.name() + "  "
                                    + data.path("resource") + "  " + data.path("data")));
                }
            }
        } catch (IOException e) {
            terminal().err().println("the connection broke; connecting again");
        }
    }
}
