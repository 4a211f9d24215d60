package dev.slipway.workspace.registry;

import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.access.Errand;
import dev.slipway.workspace.git.GitException;
import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.source.LocalFolders;
import dev.slipway.workspace.source.RemoteUrl;
import dev.slipway.workspace.source.SourceType;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be done with workspaces. */
@Singleton
public class WorkspaceService {
    private static final int NAME_MAX = 200;

    private final WorkspaceStore store;
    private final JobQueue jobs;
    private final LocalFolders folders;
    private final Repositories repositories;
    private final RemoteRepository remote;
    private final WorkspaceSettings settings;

    WorkspaceService(
            WorkspaceStore store,
            JobQueue jobs,
            LocalFolders folders,
            Repositories repositories,
            RemoteRepository remote,
            WorkspaceSettings settings) {
        this.store = store;
        this.jobs = jobs;
        this.folders = folders;
        this.repositories = repositories;
        this.remote = remote;
        this.settings = settings;
    }

    /** A workspace; 404 if the project has none of this id. */
    public Workspace need(String projectId, String id) {
        return store.find(projectId, id).orElseThrow(() -> ProblemException.notFound("workspace"));
    }

    List<Workspace> page(String projectId, @Nullable String after, int limit) {
        return store.page(projectId, after, limit);
    }

    /** A workspace with the commit that it has checked out now: a local folder moves without asking us. */
    Workspace current(String projectId, String id) {
        Workspace workspace = need(projectId, id);
        if (!(workspace.status() instanceof WorkspaceStatus.Ready)) {
            return workspace;
        }
        noteHead(workspace);
        return need(projectId, id);
    }

    /** Writes down what a ready workspace has checked out, if that is something else by now. */
    public void noteHead(Workspace workspace) {
        try {
            WorkTree tree = repositories.workTree(workspace);
            Optional<String> head = tree.head();
            String branch = tree.branch().map(name -> name.text()).orElse(null);
            head.ifPresent(commit -> store.become(workspace, new WorkspaceStatus.Ready(commit, branch)));
        } catch (ProblemException e) {
            store.become(workspace, new WorkspaceStatus.Failed(String.valueOf(e.getMessage())));
        }
    }

    @Nullable
    String workDir(Workspace workspace) {
        return workspace.sourceType() == SourceType.LOCAL
                ? workspace.path()
                : repositories.cloneFolder(workspace.id()).toString();
    }

    /** Stores the wish for a workspace; {@link CloneJob} does the rest. */
    @Transactional
    public Workspace create(String projectId, Caller caller, NewWorkspace wish) {
        Source source = check(wish);
        String id = Ids.text();
        String key = source.type().wireName() + ":" + source.path()
                + source.options().suffix();
        String repositoryId = store.repository(projectId, key, Ids.text());
        Instant now = Instant.now();
        Workspace workspace = new Workspace(
                id,
                projectId,
                repositoryId,
                source.type(),
                source.path(),
                name(wish.displayName()),
                blankToNull(wish.credentialId()),
                new WorkspaceStatus.Initializing(),
                null,
                null,
                Person.of(caller),
                caller.userId(),
                HostKeys.checked(wish.hostKey()),
                source.options(),
                false,
                1,
                now,
                now);
        store.add(workspace);
        jobs.add(CloneJob.KIND, id, "{}");
        return workspace;
    }

    /** Changes what may be changed: the name, the credential and the host's key. A field that is null is cleared. */
    @Transactional
    public Workspace change(Workspace present, JsonNode fields) {
        if (!fields.isObject()) {
            throw ProblemException.invalid("body", "no object (expected: {displayName?,credentialId?,hostKey?})");
        }
        JsonNode path = fields.get("path");
        if (path != null && !path.equals(JsonNode.createStringNode(present.path()))) {
            throw ProblemException.unprocessable("path", "cannot be changed (expected: make another workspace)");
        }
        String displayName =
                fields.get("displayName") != null ? name(text("displayName", fields)) : present.displayName();
        String credentialId =
                fields.get("credentialId") != null ? text("credentialId", fields) : present.credentialId();
        String hostKey = fields.get("hostKey") != null ? HostKeys.checked(text("hostKey", fields)) : present.hostKey();
        if (!store.change(present, displayName, blankToNull(credentialId), hostKey)) {
            throw ProblemException.conflict("changed-meanwhile", "The workspace was changed meanwhile. Read it again.");
        }
        return need(present.projectId(), present.id());
    }

    /** A workspace is whole; one of a remote is looked after from now on. */
    @Transactional
    public void becameReady(Workspace workspace, String commit, @Nullable String branch) {
        store.become(workspace, new WorkspaceStatus.Ready(commit, branch));
        if (workspace.sourceType() == SourceType.GIT && !settings.syncInterval().isZero()) {
            jobs.add(SyncJob.KIND, workspace.id(), "{}", settings.syncInterval());
        }
    }

    /** Lets a workspace go; {@link RemovalJob} does the rest. */
    @Transactional
    public void remove(Workspace workspace, boolean deleteFiles) {
        store.remove(workspace, deleteFiles);
        jobs.add(RemovalJob.KIND, workspace.id(), "{}");
    }

    /** Whether this could be a workspace. */
    Validation validate(String projectId, String userId, NewWorkspace wish) {
        Errand errand = Errand.of(
                        projectId, "new", userId, blankToNull(wish.credentialId()), HostKeys.checked(wish.hostKey()))
                .apart();
        return validate(errand, wish);
    }

    private Validation validate(Errand errand, NewWorkspace wish) {
        SourceType type = SourceType.of(wish.sourceType(), wish.path() == null ? "" : wish.path());
        try {
            Source source = check(wish);
            if (source.type() == SourceType.LOCAL) {
                @Nullable String fault = folders.faultOf(Path.of(source.path()));
                return new Validation(fault == null, fault, type.wireName());
            }
            remote.mustAnswer(errand, RemoteUrl.of(source.path(), folders));
            return new Validation(true, null, type.wireName());
        } catch (ProblemException | GitException | UpstreamUnavailableException | UpstreamProblemException e) {
            return new Validation(false, e.getMessage(), type.wireName());
        }
    }

    /** Whether a workspace still is what it was. A failed one is tried again. */
    @Transactional
    public Validation validate(Workspace workspace) {
        CloneOptions options = workspace.options();
        Validation validation = validate(
                workspace.errand().apart(),
                new NewWorkspace(
                        workspace.path(),
                        workspace.sourceType().wireName(),
                        null,
                        workspace.credentialId(),
                        workspace.hostKey(),
                        options.depth(),
                        options.sparse(),
                        options.submodules(),
                        options.lfs()));
        if (validation.valid() && workspace.status() instanceof WorkspaceStatus.Failed) {
            jobs.add(CloneJob.KIND, workspace.id(), "{}");
        }
        return validation;
    }

    private record Source(SourceType type, String path, CloneOptions options) {}

    private Source check(NewWorkspace wish) {
        String path = wish.path();
        if (path == null || path.isBlank()) {
            throw ProblemException.invalid("path", "missing (expected: a folder or the address of a repository)");
        }
        SourceType type = SourceType.of(wish.sourceType(), path);
        CloneOptions options = CloneOptions.of(wish);
        if (type == SourceType.GIT) {
            RemoteUrl url = RemoteUrl.of(path, folders);
            options.mustSuit(type, url);
            if (url.scheme().equals("ssh") && blankToNull(wish.credentialId()) == null) {
                throw ProblemException.unprocessable(
                        "credentialId", "missing (expected: a deploy key, which an ssh address needs)");
            }
            return new Source(type, url.text(), options);
        }
        options.mustSuit(type, null);
        Path folder = folders.usable(path);
        @Nullable String fault = folders.faultOf(folder);
        if (fault != null) {
            throw ProblemException.invalid("path", fault.startsWith("path: ") ? fault.substring(6) : fault);
        }
        return new Source(type, folder.toString(), options);
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static @Nullable String text(String field, JsonNode fields) {
        JsonNode value = fields.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw ProblemException.invalid(field, "not a text (expected: a string or null)");
        }
        return value.getStringValue();
    }

    private static @Nullable String name(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        if (text.length() > NAME_MAX || text.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid(
                    "displayName", "too long or not on one line (expected: at most " + NAME_MAX + " characters)");
        }
        return text.strip();
    }
}
