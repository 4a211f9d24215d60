package dev.slipway.session.task;

import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.agent.AgentService;
import dev.slipway.session.chat.ChatService;
import dev.slipway.session.lifecycle.SessionService;
import dev.slipway.session.transcript.Tree;
import dev.slipway.session.turn.Turn;
import io.micronaut.core.type.Argument;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The use cases of tasks. */
@Singleton
class TaskService {
    private static final String WORKSPACES = "workspace-service";
    private static final Argument<Map<String, Object>> OBJECT = Argument.mapOf(String.class, Object.class);
    private static final Duration READ = Duration.ofSeconds(15);
    private static final Duration APPLY = Duration.ofSeconds(60);

    private final TaskRepository tasks;
    private final SessionService sessions;
    private final AgentService agents;
    private final ChatService chat;
    private final InternalClient http;

    TaskService(
            TaskRepository tasks, SessionService sessions, AgentService agents, ChatService chat, InternalClient http) {
        this.tasks = tasks;
        this.sessions = sessions;
        this.agents = agents;
        this.chat = chat;
        this.http = http;
    }

    /** Begins a task; makes a session for it if none is named. */
    Task create(Caller caller, String projectId, NewTask wanted) {
        String prompt = wanted.prompt();
        String session = wanted.sessionId();
        if (session == null) {
            session = sessions.create(
                            caller,
                            projectId,
                            wanted.session(workspace(caller, projectId, wanted), agent(projectId, wanted)))
                    .id();
        } else {
            sessions.requireRoom(projectId, session);
        }
        return store(projectId, session, wanted, prompt);
    }

    /** The task and its turn, both or neither. */
    @Transactional
    Task store(String projectId, String sessionId, NewTask wanted, String prompt) {
        String id = Ids.text();
        Turn turn = chat.instruct(projectId, sessionId, id, prompt, wanted.model());
        tasks.insert(id, projectId, sessionId, turn.id(), wanted.checkedInstruction());
        return get(projectId, id);
    }

    private @Nullable String agent(String projectId, NewTask wanted) {
        return wanted.agent() == null ? null : agents.named(projectId, wanted.agent());
    }

    private String workspace(Caller caller, String projectId, NewTask wanted) {
        if (wanted.workspaceId() != null) {
            return wanted.workspaceId();
        }
        Map<String, Object> page =
                http.call(caller, WORKSPACES, "GET", inProject(projectId) + "/workspaces?limit=2", null, OBJECT, READ);
        List<Map<String, Object>> there = Tree.objects(page, "workspaces");
        if (there.size() != 1) {
            throw ProblemException.unprocessable(
                    "workspaceId",
                    "missing, and the project has " + (there.isEmpty() ? "no workspace" : "more than one workspace")
                            + " (expected: workspaceId or sessionId)");
        }
        return String.valueOf(there.getFirst().get("id"));
    }

    @Transactional
    Task get(String projectId, String id) {
        return tasks.find(projectId, id).orElseThrow(() -> ProblemException.notFound("task"));
    }

    /** What the task's session changed so far, file by file. */
    List<Map<String, Object>> patches(Caller caller, String projectId, String id) {
        Map<String, Object> diff =
                http.call(caller, WORKSPACES, "GET", work(get(projectId, id)) + "/diff", null, OBJECT, READ);
        return Tree.objects(diff, "files");
    }

    /** Applies all of it, or what is selected, to the workspace; a conflict is 409 and changes nothing. */
    Map<String, Object> apply(Caller caller, String projectId, String id, Map<String, Object> selection) {
        return http.call(caller, WORKSPACES, "POST", work(get(projectId, id)) + "/apply", selection, OBJECT, APPLY);
    }

    /** Ends a task; 409 if it is over. */
    Task cancel(String projectId, String id) {
        Task task = get(projectId, id);
        chat.cancel(projectId, task.sessionId(), task.turnId());
        return get(projectId, id);
    }

    private static String work(Task task) {
        return inProject(task.projectId()) + "/sessions/" + InternalClient.segment(task.sessionId());
    }

    private static String inProject(String projectId) {
        return "/internal/projects/" + InternalClient.segment(projectId);
    }
}
