package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.AgentPaths;
import dev.slipway.agent.acp.AcpConnection;
import dev.slipway.agent.acp.AcpException;
import dev.slipway.agent.acp.AcpPeer;
import dev.slipway.agent.cli.AgentType;
import dev.slipway.agent.cli.Permissions;
import dev.slipway.agent.cli.Surroundings;
import dev.slipway.agent.git.Checkout;
import dev.slipway.agent.git.Checkpoints;
import dev.slipway.agent.git.Git;
import dev.slipway.agent.http.Problem;
import dev.slipway.agent.journal.Journal;
import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the session alive: brings its work here, keeps its agent running, runs its turns, and tells all of it to the journal.
 *
 * <p>One thread ({@link #live}) goes through the phases again and again; a turn has a thread of its own.
 */
public final class Supervisor implements AutoCloseable {
    /** After so many starts in a row that came to nothing, it waits until somebody asks for more. */
    private static final int STARTS_MAX = 5;

    private static final int CLONES_MAX = 8;
    /** A process that lived this long was started well; its end is not counted among the failed starts. */
    private static final Duration GOOD_LIFE = Duration.ofSeconds(30);

    /** What an agent repeats when it loads a session. */
    private static final Set<String> SAID_BEFORE = Set.of(
            "user_message_chunk",
            "agent_message_chunk",
            "agent_thought_chunk",
            "tool_call",
            "tool_call_update",
            "plan");

    /** ACP's name for a question with fields to fill in. */
    private static final String QUESTION = "elicitation/create";

    /**
     * How an agent says that what it had started itself is gone, when it goes on without it and refuses every further prompt. Only a new
     * process helps. Some say it once and then no longer know the session ({@link AcpException#RESOURCE_NOT_FOUND}).
     */
    private static final Pattern LOST_ITS_PROCESS = Pattern.compile(
            "process (has )?(exited|ended|died)|exited unexpectedly|session (has )?(ended|expired)|start a new session",
            Pattern.CASE_INSENSITIVE);

    /** The system's error ENOSPC, in the words of the C library. */
    private static final String NO_SPACE = "No space left on device";

    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(10);
    /** A turn in which the agent says nothing at all for so long, and waits for nobody, is given up. */
    private static final Duration SILENCE_MAX = Duration.ofMinutes(60);

    private final AgentPaths paths;
    private final Surroundings surroundings;
    private final Journal journal;
    private final Clock clock;
    private final Git git;
    private final Turns turns;
    private final PermissionDesk desk = new PermissionDesk();
    private final UpdateWatch watch = new UpdateWatch();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    /** At boot, so that nobody who wants the sandbox waits for it. */
    private final Thread living = Thread.ofVirtual().name("supervisor").unstarted(this::live);

    private final Thread homeFilling = Thread.ofVirtual().name("home").unstarted(this::fillHome);

    private final CountDownLatch workspaceHere = new CountDownLatch(1);

    // Written under the lock, read without it: what GET /session shows may be a moment old.
    private volatile @Nullable AgentSession session;
    private volatile Phase phase = Phase.EMPTY;
    private volatile int progress = -1;
    private volatile String message = "";
    private volatile @Nullable AgentCli cli;
    private volatile String head = "";
    private volatile boolean replaying;
    private volatile boolean stopping;
    private boolean retryWanted;
    private boolean restartWanted;
    /** What the running turn may do without asking, if it says so itself. */
    private volatile Optional<Permissions> turnPermissions = Optional.empty();
    /** What the sandbox had run out of when the running turn began. */
    private volatile Shortage before = Shortage.now();
    /** Whether the running turn was held back or ended since the disk had no space, though it may have some again. */
    private volatile boolean outOfSpace;
    /** The turn that somebody wants to end, or null. */
    private volatile @Nullable String cancelledTurn;

    private Supervisor(
            AgentPaths paths, Surroundings surroundings, Journal journal, JournalMemory memory, Clock clock) {
        this.paths = paths;
        this.surroundings = surroundings;
        this.journal = journal;
        this.clock = clock;
        this.git = new Git(paths.data(), surroundings.environment());
        this.turns = new Turns(journal, memory.turns());
        memory.answeredRequests().forEach(desk::rememberAnswered);
    }

    /** Opens the journal, settles what an earlier life left open, and goes on with the session if there is one on the volume. */
    public static Supervisor start(AgentPaths paths, Surroundings surroundings, Clock clock) throws IOException {
        var memory = new JournalMemory();
        Journal journal = Journal.open(paths.journal(), clock, memory);
        memory.settle(journal);
        var supervisor = new Supervisor(paths, surroundings, journal, memory, clock);
        Optional<JsonNode> stored = new JsonFile(paths.sessionFile()).read();
        if (stored.isPresent()) {
            supervisor.session = AgentSession.parse(stored.get());
            supervisor.phase = Phase.STARTING;
        }
        supervisor.homeFilling.start();
        supervisor.living.start();
        return supervisor;
    }

    // ---- what is asked from outside ----

    /** What became of the wish to configure this sandbox. */
    public enum Configured {
        ACCEPTED,
        BELONGS_TO_ANOTHER
    }

    /** Makes this the sandbox of that session, or changes its agent. The same again only wakes one that has given up. */
    public Configured configure(AgentSession wanted) throws IOException {
        lock.lock();
        try {
            AgentSession current = session;
            if (current != null && !current.sessionId().equals(wanted.sessionId())) {
                return Configured.BELONGS_TO_ANOTHER;
            }
            if (current == null || !current.source().equals(wanted.source())) {
                new JsonFile(paths.sessionFile()).write(wanted.source());
                session = wanted;
                if (current == null) {
                    become(Phase.CLONING, "waiting for the repository");
                } else if (!current.agent().equals(wanted.agent())) {
                    restartWanted = true;
                    restartIfIdle();
                }
            }
            retryWanted = true;
            wake.signalAll();
            return Configured.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    /** What became of the wish to start a turn. */
    public enum Accepted {
        STARTED,
        KNOWN_ALREADY,
        ANOTHER_RUNS,
        NOT_READY,
        HISTORY_WANTED
    }

    /** Starts a turn; when this returns STARTED it is on disk and will end. */
    public Accepted startTurn(TurnRequest request) {
        if (turns.isKnown(request.turnId())) {
            return Accepted.KNOWN_ALREADY;
        }
        AgentCli agent;
        AgentSession current;
        lock.lock();
        try {
            agent = cli;
            current = session;
            if (phase != Phase.READY
                    || agent == null
                    || current == null
                    || stopping
                    || (restartWanted && turns.running().isEmpty())) {
                retryWanted = true;
                wake.signalAll();
                return turns.running().isPresent() ? Accepted.ANOTHER_RUNS : Accepted.NOT_READY;
            }
        } finally {
            lock.unlock();
        }
        if (request.continues() && request.history().isEmpty() && !agent.knowsConversation()) {
            return Accepted.HISTORY_WANTED;
        }
        return switch (turns.start(request.turnId(), request.prompt())) {
            case KNOWN_ALREADY -> Accepted.KNOWN_ALREADY;
            case ANOTHER_RUNS -> Accepted.ANOTHER_RUNS;
            case STARTED -> {
                watch.turnStarted();
                Thread.ofVirtual().name("turn").start(() -> runTurn(request, current, agent));
                yield Accepted.STARTED;
            }
        };
    }

    /**
     * Asks the running turn to end.
     *
     * @return false if no such turn runs
     */
    public boolean cancelTurn(String turnId) {
        if (!turns.running().filter(turnId::equals).isPresent()) {
            return false;
        }
        cancelledTurn = turnId;
        AgentCli agent = cli;
        if (agent != null) {
            agent.cancel();
            // The protocol wants every open question answered before the turn can end.
            desk.openIds().forEach(request -> resolve(request, new RequestAnswer.Cancelled(), "cancel"));
            Thread.ofVirtual().name("cancel-patience").start(() -> killIfStillRunning(turnId, agent));
        }
        return true;
    }

    /** Answers what the agent asked. */
    public void answerRequest(String requestId, RequestAnswer answer) {
        switch (resolve(requestId, answer, "user")) {
            case TAKEN -> {
                // Said in the journal.
            }
            case UNKNOWN -> throw Problem.of(404, "There is no request with this id.");
            case ALREADY_ANSWERED -> throw Problem.of(409, "This request has been answered already.");
            case NO_SUCH_OPTION ->
                throw Problem.of(422, "This is no answer to the request: see its options or fields.");
        }
    }

    /** What {@code GET /session} answers. */
    public ObjectNode status() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        AgentCli agent = cli;
        status.put("phase", phase.wire());
        status.put("progress", progress < 0 ? null : Integer.valueOf(progress));
        String disk = journal.diskError();
        status.put("message", disk == null ? message : "The session's disk cannot be written: " + disk);
        status.set("agentInfo", agent == null ? null : agent.agentInfo());
        status.set("modes", agent == null ? null : agent.modes());
        status.set("models", agent == null ? null : agent.models());
        status.set("configOptions", agent == null ? null : agent.configOptions());
        status.set("commands", watch.commands());
        status.put("head", head);
        status.put("turn", turns.running().orElse(null));
        status.put("lastSeq", journal.lastSeq());
        return status;
    }

    public Journal journal() {
        return journal;
    }

    public Phase phase() {
        return phase;
    }

    /** Returns when there is a session and its work tree is here. */
    public void awaitWorkspace() throws InterruptedException {
        workspaceHere.await();
    }

    /** Whether there is a session and its work tree is here. */
    public boolean hasWorkspace() {
        return session != null && Files.isDirectory(paths.workspace());
    }

    /** What the session's diff is made against. */
    public String diffBase() throws IOException {
        AgentSession current = session;
        return current != null && !current.baseCommit().isEmpty() ? current.baseCommit() : clonedCommit();
    }

    /** Where the work began, if nobody said so: the commit that was there at the first start. */
    private String clonedCommit() throws IOException {
        String stored = new JsonFile(paths.stateFile())
                .read()
                .map(state -> state.path("clonedCommit").asText())
                .orElse("");
        return stored.isEmpty() ? head : stored;
    }

    public Git git() {
        return git.in(paths.workspace());
    }

    /** Ends what runs within 5 s: the turn is cancelled, and if it does not end it is ended here; then the agent is stopped. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopping = true;
            wake.signalAll();
        } finally {
            lock.unlock();
        }
        Optional<String> turn = turns.running();
        if (turn.isPresent()) {
            cancelTurn(turn.get());
            long until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            boolean waiting = true;
            while (waiting && turns.running().isPresent()) {
                waiting = System.nanoTime() < until && pause(Duration.ofMillis(20));
            }
            turns.end(turn.get(), Outcomes.error("interrupted", "The sandbox was stopped during the turn."));
        }
        AgentCli agent = cli;
        if (agent != null) {
            agent.stop(Duration.ofSeconds(1));
        }
        // So that nothing is written any more when this returns; a clone that is under way is not waited for longer.
        try {
            living.join(Duration.ofSeconds(2));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        journal.close();
    }

    // ---- the life of the session ----

    private void live() {
        int failures = 0;
        while (!stopping) {
            Shortage beforeStart = Shortage.now();
            try {
                AgentSession current = awaitSession();
                if (current == null) {
                    return;
                }
                ensureWorkspace(current);
                workspaceHere.countDown();
                Instant startedAt = clock.instant();
                AgentCli agent = startAgent(current);
                Shortage atStart = Shortage.now();
                // Another agent may have been wanted while this one started.
                restartIfIdle();
                int exit = agent.awaitExit();
                exited(agent, exit);
                boolean wanted = takeRestartWanted();
                failures = wanted || startedAt.plus(GOOD_LIFE).isBefore(clock.instant()) ? 0 : failures + 1;
                failIfTooMany(
                        failures,
                        "The agent keeps ending (exit code " + exit + "): " + lastLine(agent.stderrTail())
                                + shortageSince(atStart));
            } catch (InterruptedException _) {
                return;
            } catch (IOException | AcpException | RuntimeException e) {
                failures++;
                Log.warn("session does not start", "attempt", failures, "error", e);
                String why = whyItDoesNotStart(e, beforeStart);
                setMessage(why);
                failIfTooMany(failures, why);
            }
            if (phase == Phase.FAILED) {
                failures = 0;
            } else if (!stopping && failures > 0) {
                pause(Duration.ofMillis(Math.min(250L << failures, 8_000)));
            }
        }
    }

    /** Waits for a session; and, when the last one has failed, for somebody who wants it tried again. */
    private @Nullable AgentSession awaitSession() {
        lock.lock();
        try {
            while (!stopping && (session == null || (phase == Phase.FAILED && !retryWanted))) {
                wake.awaitUninterruptibly();
            }
            retryWanted = false;
            // What is started now is what is wanted now.
            restartWanted = false;
            return stopping ? null : session;
        } finally {
            lock.unlock();
        }
    }

    private void failIfTooMany(int failures, String why) {
        lock.lock();
        try {
            if (failures >= STARTS_MAX) {
                retryWanted = false;
                become(Phase.FAILED, why);
            }
        } finally {
            lock.unlock();
        }
    }

    private void ensureWorkspace(AgentSession current) throws IOException, InterruptedException {
        if (Files.isDirectory(paths.workspace().resolve(".git"))) {
            return;
        }
        become(Phase.CLONING, "cloning " + current.branch());
        for (int attempt = 1; ; attempt++) {
            try {
                Checkout.make(
                        git,
                        current.gitUrl(),
                        current.branch(),
                        paths.workspace(),
                        current.author(),
                        (percent, step) -> {
                            progress = percent;
                            message = step;
                        });
                Log.info("work tree cloned", "branch", current.branch());
                return;
            } catch (IOException e) {
                Log.warn("clone failed", "attempt", attempt, "error", e.getMessage());
                setMessage(String.valueOf(e.getMessage()));
                if (attempt == CLONES_MAX || stopping) {
                    become(Phase.FAILED, String.valueOf(e.getMessage()));
                    throw e;
                }
                pause(Duration.ofMillis(Math.min(250L << attempt, 5_000)));
            }
        }
    }

    private AgentCli startAgent(AgentSession current) throws IOException, AcpException, InterruptedException {
        become(Phase.STARTING, "starting " + current.agent().type().displayName());
        prepareHome(current);
        var checkedOut = new FutureTask<>(() -> checkpoints(current).head());
        Thread.ofVirtual().name("head").start(checkedOut);
        Optional<JsonNode> state = new JsonFile(paths.stateFile())
                .read()
                .filter(stored -> stored.path("agentType")
                        .asText()
                        .equals(current.agent().type().id()));
        Optional<String> earlier =
                state.map(stored -> stored.path("acpSessionId").asText()).filter(id -> !id.isEmpty());
        if (earlier.isPresent() && current.agent().type().losesSessionWithinMinute()) {
            awaitNextMinute(state.get().path("openedAt").asText());
        }
        AgentCli agent = AgentCli.launch(current.agent(), surroundings.environment(), paths.workspace(), new Peer());
        cli = agent;
        try {
            agent.open(paths.workspace(), earlier, now -> replaying = now);
            head = result(checkedOut);
        } catch (IOException | AcpException | InterruptedException | RuntimeException e) {
            agent.stop(Duration.ofSeconds(1));
            cli = null;
            Log.warn("agent did not open a session", "stderr", lastLine(agent.stderrTail()));
            throw e;
        }
        agent.knowsConversation(agent.resumed()
                && state.map(stored -> stored.path("conversation").asBoolean(true))
                        .orElse(false));
        keepState(agent);
        ObjectNode started = JsonNodeFactory.instance.objectNode();
        started.set("agentInfo", agent.agentInfo());
        started.put("acpSessionId", agent.acpSessionId()).put("resumed", agent.resumed());
        started.set("modes", agent.modes());
        started.set("models", agent.models());
        started.set("configOptions", agent.configOptions());
        turns.record("agent.started", started);
        become(Phase.READY, "ready");
        Log.info("agent ready", "agent", current.agent().type().id(), "resumed", agent.resumed());
        return agent;
    }

    private void keepState(AgentCli agent) throws IOException {
        new JsonFile(paths.stateFile())
                .write(JsonNodeFactory.instance
                        .objectNode()
                        .put("agentType", agent.type().id())
                        .put("acpSessionId", agent.acpSessionId())
                        .put("conversation", agent.knowsConversation())
                        .put("openedAt", clock.instant().toString())
                        .put("clonedCommit", clonedCommit()));
    }

    /** See {@link AgentType#losesSessionWithinMinute}. */
    private void awaitNextMinute(String openedAt) {
        try {
            Instant next =
                    Instant.parse(openedAt).truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
            Duration wait = Duration.between(clock.instant(), next).plusMillis(500);
            if (wait.isPositive() && wait.compareTo(Duration.ofSeconds(61)) < 0) {
                setMessage("waiting " + wait.toSeconds()
                        + " s: this agent cannot load a session that it opened in the same minute");
                pause(wait);
            }
        } catch (DateTimeParseException _) {
            return;
        }
    }

    private void exited(AgentCli agent, int exit) {
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("exitCode", exit);
        data.put("signal", AgentCli.signalOf(exit)).put("stderrTail", agent.stderrTail());
        cli = null;
        if (!stopping) {
            become(Phase.STARTING, "the agent ended and is started again");
        }
        desk.openIds().forEach(request -> resolve(request, new RequestAnswer.Cancelled(), "system"));
        if (!journal.isClosed()) {
            turns.record("agent.exited", data);
        }
        agent.stop(Duration.ZERO);
        Log.info("agent exited", "exitCode", exit);
    }

    private boolean takeRestartWanted() {
        lock.lock();
        try {
            boolean wanted = restartWanted;
            restartWanted = false;
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    private void restartIfIdle() {
        lock.lock();
        try {
            AgentCli agent = cli;
            if (restartWanted && agent != null && turns.running().isEmpty()) {
                become(Phase.STARTING, "the agent is started again");
                Thread.ofVirtual().name("restart").start(() -> agent.stop(Duration.ofSeconds(3)));
            }
        } finally {
            lock.unlock();
        }
    }

    private static <T> T result(FutureTask<T> task) throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException reason ? reason : new IOException(e.getCause());
        }
    }

    private void fillHome() {
        try {
            copyOnce(paths.warmHome(), paths.home());
        } catch (IOException | RuntimeException e) {
            Log.warn("home is not filled", "error", e.getMessage());
        }
    }

    private void prepareHome(AgentSession current) throws IOException, InterruptedException {
        homeFilling.join();
        copyOnce(paths.warmHome(), paths.home());
        Optional<String> instructions = current.agent().type().instructionsFile();
        Optional<String> prompt = current.agent().systemPrompt();
        if (instructions.isPresent() && prompt.isPresent()) {
            Path file = paths.home().resolve(instructions.get());
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, prompt.get());
        }
    }

    /** Fills a home that is empty with what the image has prepared. */
    private static void copyOnce(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var entries = Files.list(to)) {
            if (!Files.isDirectory(from) || entries.findAny().isPresent()) {
                return;
            }
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    // ---- one turn ----

    private void runTurn(TurnRequest request, AgentSession current, AgentCli agent) {
        ObjectNode outcome;
        before = Shortage.now();
        outOfSpace = journal.isShortOfSpace();
        try {
            turnPermissions = request.permissions();
            outcome = outOfSpace ? JsonNodeFactory.instance.objectNode() : prompt(request, agent);
        } catch (InterruptedException _) {
            outcome = Outcomes.error("interrupted", "The sandbox was stopped during the turn.");
        } catch (IOException | RuntimeException e) {
            Log.warn("turn failed", "turn", request.turnId(), "error", e);
            outcome = Outcomes.error("internal", "The turn failed inside the sandbox's supervisor.");
        }
        checkpoint(request, current);
        if (outOfSpace || journal.isShortOfSpace()) {
            outcome = Outcomes.diskFull(outcome);
        }
        turns.end(request.turnId(), outcome);
        Log.info(
                "turn ended",
                "turn",
                request.turnId(),
                "outcome",
                outcome.path("stopReason")
                        .asText(outcome.path("error").path("code").asText()));
        restartIfIdle();
    }

    private ObjectNode prompt(TurnRequest request, AgentCli agent) throws IOException, InterruptedException {
        agent.prepare(
                request.model(),
                request.mode().or(() -> request.permissions().flatMap(agent.type()::modeFor)),
                request.reasoning());
        return awaitPrompt(request, agent);
    }

    private ObjectNode awaitPrompt(TurnRequest request, AgentCli agent) throws IOException, InterruptedException {
        CompletableFuture<JsonNode> answer = agent.prompt(promptFor(request, agent));
        if (request.turnId().equals(cancelledTurn)) {
            agent.cancel();
        }
        while (true) {
            try {
                JsonNode result = answer.get(2, TimeUnit.SECONDS);
                if (!agent.knowsConversation()) {
                    agent.knowsConversation(true);
                    keepState(agent);
                }
                Optional<String> hidden = watch.hiddenError();
                if (hidden.isPresent() && !request.turnId().equals(cancelledTurn)) {
                    ObjectNode failed = Outcomes.error("agent_error", hidden.get());
                    JsonNode usage = Outcomes.usageOf(result);
                    return usage.isObject() ? failed.set("usage", usage) : failed;
                }
                return Outcomes.of(result);
            } catch (TimeoutException _) {
                if (watch.silentNanos() > SILENCE_MAX.toNanos()
                        && desk.openIds().isEmpty()) {
                    Log.warn("agent is silent and is stopped", "turn", request.turnId());
                    agent.stop(Duration.ofSeconds(2));
                }
                if (journal.isShortOfSpace() && !request.turnId().equals(cancelledTurn)) {
                    Log.warn("disk is full and the turn is ended", "turn", request.turnId());
                    outOfSpace = true;
                    cancelTurn(request.turnId());
                }
            } catch (ExecutionException e) {
                return failed(request, AcpConnection.asAcpException(e));
            }
        }
    }

    private ObjectNode failed(TurnRequest request, AcpException e) {
        if (request.turnId().equals(cancelledTurn)) {
            // It was asked to stop and did, one way or the other.
            return JsonNodeFactory.instance.objectNode().put("stopReason", "cancelled");
        }
        if (e.code() == AcpException.CONNECTION_ENDED) {
            return Outcomes.error(
                    "agent_exited", "The agent's process ended during the turn; it is started again." + shortage());
        }
        if (e.code() == AcpException.RESOURCE_NOT_FOUND
                || LOST_ITS_PROCESS.matcher(String.valueOf(e.getMessage())).find()) {
            lock.lock();
            try {
                restartWanted = true;
            } finally {
                lock.unlock();
            }
            return Outcomes.error(
                    "agent_exited", "The agent's process ended and is started again: " + e.getMessage() + shortage());
        }
        return Outcomes.error("agent_error", e.getMessage() + shortage());
    }

    private String shortage() {
        return shortageSince(before);
    }

    private static String shortageSince(Shortage earlier) {
        return Shortage.now().since(earlier).map(said -> " " + said).orElse("");
    }

    /** What is said to the agent: the system prompt and the conversation, where it has neither, and then the prompt. */
    private JsonNode promptFor(TurnRequest request, AgentCli agent) throws IOException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        AgentSession current = session;
        if (current != null && agent.wantsSystemPromptInConversation()) {
            all.addObject()
                    .put("type", "text")
                    .put("text", current.agent().systemPrompt().orElseThrow());
        }
        if (!agent.knowsConversation()) {
            request.history()
                    .ifPresent(told -> all.addObject().put("type", "text").put("text", told));
        }
        Path attachments = paths.workspace().resolve(".git/slipway/attachments");
        return all.addAll(
                new PromptBlocks(agent.promptCapabilities(), paths.workspace(), attachments).adapt(request.prompt()));
    }

    private void checkpoint(TurnRequest request, AgentSession current) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        try {
            AgentType type = current.agent().type();
            Checkpoints checkpoints = checkpoints(current);
            Optional<Checkpoints.Checkpoint> made = checkpoints.make(new Checkpoints.Work(
                    request.text(), request.turnId(), current.sessionId(), type.displayName(), type.id()));
            head = checkpoints.head();
            if (made.isEmpty()) {
                return;
            }
            data.put("commit", made.get().commit())
                    .put("branch", current.branch())
                    .put("filesChanged", made.get().filesChanged())
                    .put("pushed", made.get().pushed());
        } catch (IOException e) {
            Log.warn("checkpoint failed", "turn", request.turnId(), "error", e.getMessage());
            data.put("error", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            data.put("error", "interrupted");
        }
        turns.record("turn.checkpoint", data);
    }

    private Checkpoints checkpoints(AgentSession current) {
        return new Checkpoints(git, paths.workspace(), current.branch(), current.author());
    }

    /** An agent that does not hear is ended; its conversation is taken up again by the next process. */
    private void killIfStillRunning(String turnId, AgentCli agent) {
        if (pause(CANCEL_PATIENCE) && turns.running().filter(turnId::equals).isPresent() && agent == cli) {
            Log.warn("agent did not cancel and is stopped", "turn", turnId);
            agent.stop(Duration.ofSeconds(2));
        }
    }

    // ---- what the agent says ----

    private final class Peer implements AcpPeer {
        @Override
        public void notified(String method, JsonNode params) {
            if (!method.equals("session/update")) {
                return;
            }
            watch.seen(params.path("update"));
            AgentCli agent = cli;
            if (agent != null
                    && params.path("update").path("sessionUpdate").asText().equals("current_mode_update")) {
                agent.modeChanged(params.path("update").path("currentModeId").asText());
            }
            // What is said of the session itself, as the commands that there are, is news also then.
            if (!replaying
                    || !SAID_BEFORE.contains(
                            params.path("update").path("sessionUpdate").asText())) {
                turns.record("acp.update", params.path("update"));
            }
        }

        @Override
        public void asked(String method, JsonNode params, Reply reply) {
            boolean question = method.equals(QUESTION)
                    && params.path("mode").asText("form").equals("form");
            if (!question && !method.equals("session/request_permission")) {
                AcpConnection.refuse(method, reply);
                return;
            }
            String requestId = UUID.randomUUID().toString();
            ObjectNode entry = JsonNodeFactory.instance
                    .objectNode()
                    .put("requestId", requestId)
                    .put("method", method);
            turns.record("acp.request", entry.set("params", params));
            desk.opened(requestId, params, reply, question);
            Optional<String> byPolicy = question ? Optional.empty() : byPolicy(params);
            if (byPolicy.isPresent()) {
                resolve(requestId, new RequestAnswer.Chosen(byPolicy.get()), "policy");
            } else if (turns.running().map(turn -> turn.equals(cancelledTurn)).orElse(false)) {
                resolve(requestId, new RequestAnswer.Cancelled(), "cancel");
            }
        }

        private Optional<String> byPolicy(JsonNode params) {
            AgentSession current = session;
            return turnPermissions
                    .or(() -> Optional.ofNullable(current)
                            .map(configured -> configured.agent().permissions()))
                    .flatMap(permissions -> permissions.answer(params));
        }

        @Override
        public void ended() {
            // The end of the process is seen by whoever waits for it.
        }
    }

    private PermissionDesk.Outcome resolve(String requestId, RequestAnswer answer, String by) {
        PermissionDesk.Outcome outcome = desk.answer(requestId, answer);
        if (outcome == PermissionDesk.Outcome.TAKEN) {
            turns.record("acp.request.resolved", answer.asEntry(requestId, by));
        }
        return outcome;
    }

    // ---- small ----

    private void become(Phase next, String why) {
        lock.lock();
        try {
            phase = next;
            progress = -1;
            message = why;
        } finally {
            lock.unlock();
        }
    }

    private void setMessage(String text) {
        message = text;
    }

    /** The system's own words for what a person can mend are few, and the JDK adds pages to some. */
    private String whyItDoesNotStart(Exception e, Shortage beforeStart) {
        String said = String.valueOf(e.getMessage());
        if (said.contains(NO_SPACE)) {
            return "The session's disk is full, so its agent cannot start. Free some space in the session's terminal, or give the session"
                    + " a larger disk, then send the message again.";
        }
        return said.lines().findFirst().orElse(said) + shortageSince(beforeStart);
    }

    private static String lastLine(String text) {
        return text.strip().lines().reduce((_, line) -> line).orElse("");
    }

    /** @return false if interrupted */
    private static boolean pause(Duration duration) {
        try {
            Thread.sleep(duration);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The environment that git and the agent get. */
    public Map<String, String> environment() {
        return surroundings.environment();
    }
}
