package dev.slipway.gateway.project;

import dev.slipway.contracts.gateway.ProjectEvent.LimitsChanged;
import dev.slipway.contracts.gateway.ProjectEvent.ProjectChanged;
import dev.slipway.contracts.gateway.ProjectEvent.ProjectDeletionRequested;
import dev.slipway.contracts.gateway.ProjectLimits;
import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What can be done with projects. */
@Singleton
public class ProjectService {
    private static final int NAME_MAX = 100;

    private final Database database;
    private final Outbox outbox;
    private final ObjectMapper json;

    ProjectService(Database database, Outbox outbox, ObjectMapper json) {
        this.database = database;
        this.outbox = outbox;
        this.json = json;
    }

    /** The projects that a user belongs to, oldest first. */
    @Transactional
    Page<Project> list(String userId, @Nullable String after, int limit) {
        List<Project> rows = database.list(
                "SELECT " + Project.COLUMNS + " FROM project p JOIN member m ON m.project_id = p.id "
                        + "WHERE m.account_id = ? AND p.deleted_at IS NULL AND p.id > ? ORDER BY p.id LIMIT ?",
                Project::read,
                userId,
                after == null ? "" : after,
                limit + 1);
        return Paging.page(rows, limit, Project::id);
    }

    /** Makes a project with its maker as owner. */
    @Transactional
    public Project create(String userId, String name) {
        String checked = checkedName(name);
        String id = Ids.text();
        database.change(
                "INSERT INTO project (id, name, slug) VALUES (?, ?, ?)", id, checked, slug(checked) + "-" + tail(id));
        database.change("INSERT INTO member (project_id, account_id, role) VALUES (?, ?, 'owner')", id, userId);
        outbox.append(id, id, new ProjectChanged(checked));
        return get(id, userId);
    }

    /** A project of the user's; 404 if it is not. */
    @Transactional
    Project get(String projectId, String userId) {
        return database.first(
                        "SELECT " + Project.COLUMNS + " FROM project p JOIN member m ON m.project_id = p.id "
                                + "WHERE p.id = ? AND m.account_id = ? AND p.deleted_at IS NULL",
                        Project::read,
                        projectId,
                        userId)
                .orElseThrow(() -> ProblemException.notFound("project"));
    }

    /** Renames a project. With a version, only if that is still the present one: 412 otherwise. */
    @Transactional
    Project rename(String projectId, String userId, String name, @Nullable Long version) {
        String checked = checkedName(name);
        int changed = database.change("""
                UPDATE project SET name = ?, version = version + 1, updated_at = now()
                WHERE id = ? AND deleted_at IS NULL AND (?::bigint IS NULL OR version = ?)
                """, checked, projectId, version, version);
        if (changed == 0) {
            throw stale();
        }
        outbox.append(projectId, projectId, new ProjectChanged(checked));
        return get(projectId, userId);
    }

    /** Ends a project: from now on nobody is a member of anything, and all services remove what they keep of it. */
    @Transactional
    void delete(String projectId, String userId, @Nullable Long version) {
        if (projectId.equals(LocalProject.ID)) {
            throw ProblemException.conflict("project-needed", "The local project is always there.");
        }
        int changed = database.change(
                "UPDATE project SET deleted_at = now() WHERE id = ? AND deleted_at IS NULL "
                        + "AND (?::bigint IS NULL OR version = ?)",
                projectId,
                version,
                version);
        if (changed == 0) {
            throw stale();
        }
        outbox.append(projectId, projectId, new ProjectDeletionRequested(userId));
    }

    /** A project's limits. */
    @Transactional
    public ProjectLimits limits(String projectId) {
        String text = database.first("SELECT limits FROM project WHERE id = ?", row -> row.getString(1), projectId)
                .orElseThrow(() -> ProblemException.notFound("project"));
        try {
            return json.readValue(text, ProjectLimits.class);
        } catch (IOException e) {
            throw new UncheckedIOException("limits of project " + projectId + ": unreadable", e);
        }
    }

    /** Sets all limits; what is left out goes back to the installation's own. With a version, only if it is the present one. */
    @Transactional
    Project limit(String projectId, String userId, ProjectLimits limits, @Nullable Long version) {
        int changed;
        try {
            changed = database.change("""
                    UPDATE project SET limits = ?, version = version + 1, updated_at = now()
                    WHERE id = ? AND deleted_at IS NULL AND (?::bigint IS NULL OR version = ?)
                    """, json.writeValueAsString(limits), projectId, version, version);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write limits", e);
        }
        if (changed == 0) {
            throw stale();
        }
        outbox.append(projectId, projectId, new LimitsChanged(limits));
        return get(projectId, userId);
    }

    private static ProblemException stale() {
        return ProblemException.of(
                HttpStatus.PRECONDITION_FAILED,
                "stale",
                "The project was changed by someone else. Read it again before you change it.");
    }

    private static String checkedName(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > NAME_MAX) {
            throw ProblemException.invalid("name", stripped.length() + " characters (expected: 1 to " + NAME_MAX + ")");
        }
        return stripped;
    }

    private static String slug(String name) {
        String slug =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return slug.isEmpty() ? "project" : slug.substring(0, Math.min(40, slug.length()));
    }

    /** The last eight digits of a UUID are random. */
    private static String tail(String id) {
        return id.substring(id.length() - 8);
    }
}
