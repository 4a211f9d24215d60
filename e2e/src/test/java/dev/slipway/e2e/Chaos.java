package dev.slipway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Turns with a real agent CLI in real sandboxes while parts of the stack die by SIGKILL at random moments, one after the other: services,
 * Kafka, Postgres, and clients. Each turn has three viewers; they must end with the same bytes, these with what the agent's own
 * journal holds, and each message must have one answer. Run by {@code bench/chaos/run.sh}, which says what the numbers mean.
 */
public final class Chaos {
    private static final String PROMPT = "[[script:slow n=40 ms=100]]";

    private final Slipway slipway;
    private final Api api;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<ChaosViewer.Seen> turns = Collections.synchronizedList(new ArrayList<>());
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final ChaosFigures figures = new ChaosFigures();

    private Chaos(Slipway slipway) {
        this.slipway = slipway;
        this.api = slipway.api();
    }

    /** Arguments: turns in all (200), sessions at once (8), agent (claude-code), seconds between two kills at most (8). */
    public static void main(String[] arguments) throws Exception {
        int turns = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        int sessions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
        String agent = arguments.length > 2 ? arguments[2] : "claude-code";
        int pause = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 8;
        Path folder = Files.createTempDirectory("slipway-chaos");
        int failures;
        try (FakeLlm model = FakeLlm.start(folder);
                Slipway slipway = Slipway.start(Slipway.Shape.ISOLATED, folder, model.environment())) {
            Chaos chaos = new Chaos(slipway);
            List<String> ready = chaos.sessions(sessions, agent, model, folder);
            failures = chaos.run(ready, turns, Duration.ofSeconds(pause));
        }
        System.exit(failures == 0 ? 0 : 1);
    }

    private List<String> sessions(int count, String agentType, FakeLlm model, Path folder) throws Exception {
        Map<String, String> credential =
                Map.of("provider", "anthropic", "name", "a", "authType", "api_key", "apiKey", model.anthropicKey);
        api.post("/api/projects/local/credentials", credential).expect(200);
        String workspace =
                api.workspace(Repositories.small(folder.resolve("repo")).toString());
        String agent = api.agent(agentType);
        List<String> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(api.session(workspace, agent));
        }
        sessions.forEach(session -> api.awaitSession(session, "ready"));
        System.out.println(count + " sessions with " + agentType + " are ready");
        return sessions;
    }

    private int run(List<String> sessions, int turnsInAll, Duration pause) throws Exception {
        long began = System.nanoTime();
        try (ChaosKiller _ = new ChaosKiller(slipway.home, pause, figures)) {
            List<Future<?>> working = new ArrayList<>();
            for (String session : sessions) {
                working.add(threads.submit(() -> {
                    for (int t = 0; t < turnsInAll / sessions.size(); t++) {
                        turn(session, "m" + t);
                    }
                    return null;
                }));
            }
            for (Future<?> work : working) {
                work.get();
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        for (String session : sessions) {
            compareWithStore(session);
            compareWithJournal(session);
        }
        figures.print(turns, took, wrong.size());
        wrong.forEach(System.out::println);
        for (String session : sessions) {
            api.send("DELETE", "/api/projects/local/sessions/" + session, null).expect(200);
        }
        for (String session : sessions) {
            api.gone("/api/projects/local/sessions/" + session);
        }
        System.out.println("all " + sessions.size() + " sessions could be deleted");
        return wrong.size();
    }

    /** One message and three who watch its turn: two clients that may leave, and one that is a process that may be killed. */
    private void turn(String session, String message) throws Exception {
        long began = System.nanoTime();
        List<Future<ChaosViewer.Seen>> viewers = new ArrayList<>();
        for (ChaosViewer.Kind kind : ChaosViewer.KINDS) {
            viewers.add(threads.submit(
                    () -> new ChaosViewer(slipway.url(), session, message, PROMPT, kind, figures).watch()));
        }
        ChaosViewer.Seen first = viewers.getFirst().get();
        for (Future<ChaosViewer.Seen> viewer : viewers) {
            ChaosViewer.Seen seen = viewer.get();
            if (!seen.isOver()) {
                wrong.add(session + " " + message + ": stuck after "
                        + seen.frames().size() + " frames, the last "
                        + (seen.frames().isEmpty() ? "none" : seen.frames().getLast()));
            } else if (!seen.frames().equals(first.frames())) {
                wrong.add(session + " " + message + ": viewers saw different bytes");
            }
        }
        figures.turnTook(Duration.ofNanos(System.nanoTime() - began));
        turns.add(first);
    }

    /** No message lost, none doubled: what was said, in order, each with its answer. */
    private void compareWithStore(String session) {
        api.awaitSession(session, "ready");
        List<String> stored = new ArrayList<>();
        String after = "";
        JsonNode page;
        do {
            page = api.get("/api/projects/local/sessions/" + session + "/messages?limit=100" + after)
                    .expect(200);
            List<String> older = new ArrayList<>();
            page.path("messages")
                    .forEach(message -> older.add(message.path("id").asText()));
            stored.addAll(0, older);
            after = "&cursor=" + page.path("nextCursor").asText();
        } while (!page.path("nextCursor").asText("").isEmpty());
        List<String> expected = new ArrayList<>();
        turnsOf(session).forEach(turn -> expected.addAll(List.of(turn.message(), turn.answer())));
        if (!stored.equals(expected)) {
            wrong.add(session + ": messages " + stored + " (expected: " + expected + ")");
        }
    }

    private void compareWithJournal(String session) throws IOException {
        Map<String, ChaosJournal.Turn> journal = ChaosJournal.of(session);
        List<ChaosViewer.Seen> seen = turnsOf(session);
        for (ChaosViewer.Seen turn : seen) {
            ChaosJournal.Turn said = journal.getOrDefault(turn.turnId(), ChaosJournal.Turn.NONE);
            if (!said.text().equals(turn.text())) {
                wrong.add(session + " " + turn.message() + ": " + turn.text().length() + " characters seen, "
                        + said.text().length() + " said by the agent");
            }
            if (said.started() != 1 || said.ended() != 1) {
                wrong.add(session + " " + turn.message() + ": begun " + said.started() + " times by the agent, ended "
                        + said.ended() + " times");
            }
        }
        if (journal.size() != seen.size()) {
            wrong.add(session + ": the agent had " + journal.size() + " turns (expected: " + seen.size() + ")");
        }
    }

    private List<ChaosViewer.Seen> turnsOf(String session) {
        return turns.stream().filter(turn -> turn.session().equals(session)).toList();
    }
}
