package dev.slipway.gateway.door;

import dev.slipway.gateway.door.Destination.ProjectOf;
import dev.slipway.gateway.project.Memberships;
import dev.slipway.gateway.user.Identities;
import dev.slipway.gateway.user.Visitor;
import dev.slipway.kit.identity.Role;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Who was let in a moment ago. A page asks for many things at once, and each of them would ask the database the same two
 * questions. Nothing is remembered for longer than {@link #LIFETIME}, and nothing at all once this gateway has changed anything,
 * so that a right that is taken away here is gone at once, and one taken away at another replica within that time.
 */
@Singleton
class Acquaintances {
    static final Duration LIFETIME = Duration.ofSeconds(1);

    private static final int SIZE_MAX = 10_000;

    private final Identities identities;
    private final Memberships memberships;
    private final SessionDirectory sessions;
    private final ExecutorService blocking;
    private final Recent<List<List<String>>, Visitor> visitors = new Recent<>(LIFETIME, SIZE_MAX);
    private final Recent<List<String>, Role> roles = new Recent<>(LIFETIME, SIZE_MAX);
    private final Recent<String, String> defaults = new Recent<>(LIFETIME, SIZE_MAX);

    Acquaintances(
            Identities identities,
            Memberships memberships,
            SessionDirectory sessions,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.blocking = blocking;
        this.identities = identities;
        this.memberships = memberships;
        this.sessions = sessions;
    }

    /** Who the headers show; empty for nobody. Blocks if it has to be asked for. */
    Optional<Visitor> visitor(List<String> authorization, List<String> cookies) {
        return visitors.getOrAsk(List.of(authorization, cookies), () -> identities.visitor(authorization, cookies));
    }

    /** The user's role in a project; empty for a stranger. Blocks if it has to be asked for. */
    Optional<Role> role(String project, String user) {
        return roles.getOrAsk(List.of(project, user), () -> memberships.role(project, user));
    }

    /** The project that paths without one mean. Blocks if it has to be asked for. */
    Optional<String> defaultProject(String user) {
        return defaults.getOrAsk(user, () -> memberships.defaultProject(user));
    }

    /** Somebody in a project, of whom all is known. */
    record Known(Visitor visitor, String project, Role role) {}

    /** Who knocks, if nothing has to be asked for; empty otherwise, or for a stranger. Does not block. */
    Optional<Known> known(Knock knock, ProjectOf wanted) {
        List<String> authorization = knock.all("Authorization");
        List<String> cookies = knock.all("Cookie");
        Visitor visitor = visitors.getAndRenew(
                List.of(authorization, cookies), blocking, () -> identities.visitor(authorization, cookies));
        if (visitor == null) {
            return Optional.empty();
        }
        String user = visitor.user().id();
        String project = switch (wanted) {
            case ProjectOf.Named(String id) -> id;
            case ProjectOf.OfSession(String session) -> sessions.known(session).orElse(null);
            case ProjectOf.OnlyOfSession(String session) ->
                sessions.known(session).orElse(null);
            case ProjectOf.Default() -> defaults.getAndRenew(user, blocking, () -> memberships.defaultProject(user));
        };
        if (project == null) {
            return Optional.empty();
        }
        Role role = roles.getAndRenew(List.of(project, user), blocking, () -> memberships.role(project, user));
        return role == null ? Optional.empty() : Optional.of(new Known(visitor, project, role));
    }

    /** Something was changed: whatever is known may be wrong. */
    void forget() {
        visitors.clear();
        roles.clear();
        defaults.clear();
    }
}
