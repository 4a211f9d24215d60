package dev.slipway.devstack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.devstack.home.SlipwayHome;
import dev.slipway.devstack.service.HealthCheck;
import dev.slipway.devstack.service.ServiceSettings;
import dev.slipway.devstack.service.SuiteService;
import java.io.IOException;
import java.io.StringWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code ./slipway status}: what runs and whether it is well. Exit code 0 if all is, 1 if a part is not, 3 if nothing runs. */
public final class Status {
    private static final int NOT_RUNNING = 3;

    private Status() {}

    public static void main(String[] arguments) throws IOException {
        List<String> words = List.of(arguments);
        boolean json = words.contains("--json");
        Options options = Options.parse(
                words.stream().filter(word -> !word.equals("--json")).toArray(String[]::new), System.getenv());
        var home = new SlipwayHome(options.home());
        Optional<StackState> state = StackState.read(home.state()).filter(StackState::isAlive);
        if (state.isEmpty()) {
            System.out.println(
                    json
                            ? "{\"state\":\"stopped\"}"
                            : "Slipway is not running (" + home.root() + ").\nStart it: ./slipway up");
            System.exit(NOT_RUNNING);
        }
        Map<SuiteService, Boolean> health = new EnumMap<>(SuiteService.class);
        boolean internalTls = state.get().internalTls();
        state.get()
                .services()
                .forEach((service, part) -> health.put(
                        service,
                        HealthCheck.isHealthy(part.port(), internalTls && ServiceSettings.speaksTls(service))));
        boolean well = state.get().phase().equals("running") && !health.containsValue(false);
        System.out.println(json ? json(state.get(), health, home) : text(state.get(), health, home));
        System.exit(well ? 0 : 1);
    }

    private static String text(StackState state, Map<SuiteService, Boolean> health, SlipwayHome home) {
        StringBuilder text = new StringBuilder("Slipway is " + state.phase() + ": " + state.url() + "  (process "
                + state.launcher() + ", " + state.shape() + ", state in " + home.root() + ")\n");
        for (Map.Entry<SuiteService, Boolean> entry : health.entrySet()) {
            StackState.Part part = state.services().getOrDefault(entry.getKey(), new StackState.Part(0, 0));
            text.append(String.format(
                    "  %-19s %-9s 127.0.0.1:%-5d process %d%n",
                    entry.getKey().title(), entry.getValue() ? "healthy" : "NOT WELL", part.port(), part.pid()));
        }
        return text.append(String.format(
                        "  %-19s %s%n  %-19s %s", "Postgres", server(state.postgres()), "Kafka", server(state.kafka())))
                .toString();
    }

    private static String server(StackState.Server server) {
        return server.address() + (server.pid() == 0 ? "" : "  process " + server.pid());
    }

    private static String json(StackState state, Map<SuiteService, Boolean> health, SlipwayHome home)
            throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("state", state.phase());
            json.writeStringField("url", state.url());
            json.writeNumberField("pid", state.launcher());
            json.writeStringField("shape", state.shape());
            json.writeStringField("home", home.root().toString());
            json.writeStringField("postgres", state.postgres().address());
            json.writeNumberField("postgresPid", state.postgres().pid());
            json.writeStringField("kafka", state.kafka().address());
            json.writeNumberField("kafkaPid", state.kafka().pid());
            json.writeArrayFieldStart("services");
            for (Map.Entry<SuiteService, Boolean> entry : health.entrySet()) {
                StackState.Part part = state.services().getOrDefault(entry.getKey(), new StackState.Part(0, 0));
                json.writeStartObject();
                json.writeStringField("name", entry.getKey().title());
                json.writeBooleanField("healthy", entry.getValue());
                json.writeNumberField("port", part.port());
                json.writeNumberField("pid", part.pid());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }
}
