package dev.slipway.gateway.door;

import dev.slipway.gateway.project.Memberships;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/** Which project a session belongs to, for paths that do not say it. Blocks. */
@Singleton
class SessionDirectory {
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    /** A session never changes its project; it may only go, which whoever is asked next says better. */
    private static final Duration KNOWN_FOR = Duration.ofSeconds(30);

    private static final int KNOWN_MAX = 10_000;

    private final Memberships memberships;
    private final InternalClient client;
    private final IdentityTokens tokens;
    private final Recent<String, String> known = new Recent<>(KNOWN_FOR, KNOWN_MAX);

    SessionDirectory(Memberships memberships, InternalClient client, IdentityTokens tokens) {
        this.memberships = memberships;
        this.client = client;
        this.tokens = tokens;
    }

    /** What session-service tells of a session to whoever may see all of them. */
    @Serdeable
    record Place(String id, String projectId) {}

    /** The project, if it was asked for a moment ago. Does not block. */
    Optional<String> known(String session) {
        return Optional.ofNullable(known.get(session));
    }

    /** The project; empty if there is no such session. */
    Optional<String> projectOf(String session) {
        // Events tell of a session soon after it is made; until then its owner has to be asked.
        return known.getOrAsk(
                session, () -> memberships.projectOfSession(session).or(() -> ask(session)));
    }

    private Optional<String> ask(String session) {
        try {
            return Optional.of(client.call(
                            Caller.system(tokens.service(), null),
                            RouteTable.SESSION,
                            "GET",
                            "/internal/sessions/" + InternalClient.segment(session),
                            null,
                            Place.class,
                            DEADLINE)
                    .projectId());
        } catch (UpstreamProblemException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw broken();
        } catch (UncheckedIOException e) {
            throw broken();
        } catch (UpstreamUnavailableException e) {
            throw ProblemException.starting(
                    "session-service is starting or away. Try again in a moment.", Duration.ofSeconds(2));
        }
    }

    private static ProblemException broken() {
        return ProblemException.of(
                HttpStatus.BAD_GATEWAY, "bad-gateway", "session-service did not say which project this session is in.");
    }
}
