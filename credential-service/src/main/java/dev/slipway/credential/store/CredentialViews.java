package dev.slipway.credential.store;

import dev.slipway.credential.provider.InjectionPoint;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows credentials to one user: with how much they are used, and whether a personal one stands before the project's. */
@Singleton
public class CredentialViews {
    private final CredentialStore store;
    private final UsageTotals usage;
    private final Clock clock;

    CredentialViews(CredentialStore store, UsageTotals usage, Clock clock) {
        this.store = store;
        this.usage = usage;
        this.clock = clock;
    }

    /** One. */
    public CredentialView of(Credential credential, String userId) {
        return of(credential.projectId(), List.of(credential), userId).getFirst();
    }

    List<CredentialView> of(String projectId, List<Credential> credentials, String userId) {
        List<Credential> personal = store.personal(projectId, userId, CredentialService.PER_OWNER_MAX);
        Map<String, UsageTotals.Total> totals =
                usage.of(credentials.stream().map(Credential::id).toList());
        Instant now = clock.instant();
        return credentials.stream()
                .map(each -> CredentialView.of(
                        each, shadow(each, personal), totals.getOrDefault(each.id(), UsageTotals.Total.NEVER), now))
                .toList();
    }

    /** The personal one that is put on every request on which this one of the project's would be; null for none. */
    private static @Nullable String shadow(Credential credential, List<Credential> personal) {
        if (credential.userId() != null) {
            return null;
        }
        return personal.stream()
                .filter(mine -> mine.problem() == null)
                .filter(mine -> mine.scope().covers(credential.scope()))
                .filter(mine -> covers(mine, credential))
                .map(Credential::id)
                .findFirst()
                .orElse(null);
    }

    private static boolean covers(Credential mine, Credential projects) {
        List<InjectionPoint> points = projects.points().stream()
                .filter(point -> point.placement().holdsSecret())
                .toList();
        if (points.isEmpty()) {
            return projects.kind() == mine.kind() && projects.provider().equals(mine.provider());
        }
        return points.stream().allMatch(point -> mine.points().stream().anyMatch(point::collidesWith));
    }
}
