package dev.slipway.credential.store;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the credential that a caller means by an id or a name. Of a personal and a project's one of the same name the personal
 * one is meant, since it is the one that is used. Another user's personal one is not there for anybody.
 */
@Singleton
public class CredentialLookup {
    private final CredentialStore store;

    CredentialLookup(CredentialStore store) {
        this.store = store;
    }

    /** For looking; 404 if there is none. */
    public Credential toSee(String projectId, String idOrName, @Nullable Boolean personal, Caller caller) {
        caller.require(Role.MEMBER);
        return find(projectId, idOrName, personal, caller).orElseThrow(() -> ProblemException.notFound("credential"));
    }

    /** For changing or using its secret: the owner of a personal one, an admin of the project for the others. */
    public Credential toChange(String projectId, String idOrName, @Nullable Boolean personal, Caller caller) {
        Credential found = toSee(projectId, idOrName, personal, caller);
        if (found.userId() == null) {
            caller.require(Role.ADMIN);
        }
        return found;
    }

    /** As {@link #toChange}, but a name that could mean two is refused: what is gone is gone. */
    public Credential toDelete(String projectId, String idOrName, @Nullable Boolean personal, Caller caller) {
        Credential found = toSee(projectId, idOrName, personal, caller);
        boolean byName = personal == null && !found.id().equals(idOrName) && found.userId() != null;
        if (byName && store.named(projectId, idOrName, null).isPresent()) {
            throw ProblemException.conflict(
                    "two-of-that-name",
                    "There is a personal credential of that name and one of the project. Say which: ?personal=true or"
                            + " ?personal=false.");
        }
        if (found.userId() == null) {
            caller.require(Role.ADMIN);
        }
        return found;
    }

    private Optional<Credential> find(String projectId, String idOrName, @Nullable Boolean personal, Caller caller) {
        Optional<Credential> byId = store.find(projectId, idOrName).filter(each -> each.isVisibleTo(caller.userId()));
        if (byId.isPresent()) {
            return byId;
        }
        Optional<Credential> mine =
                Boolean.FALSE.equals(personal) ? Optional.empty() : store.named(projectId, idOrName, caller.userId());
        return mine.isPresent() || Boolean.TRUE.equals(personal) ? mine : store.named(projectId, idOrName, null);
    }
}
