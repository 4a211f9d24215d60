package dev.slipway.gateway.door;

import dev.slipway.gateway.door.Destination.ProjectOf;
import dev.slipway.gateway.door.EdgeHandler.Turn;
import dev.slipway.gateway.events.EventStreams;
import dev.slipway.gateway.proxy.Target;
import dev.slipway.gateway.proxy.UpstreamExchange;
import dev.slipway.gateway.proxy.UpstreamPool;
import dev.slipway.gateway.ui.UserInterface;
import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.kit.http.ServiceAddress;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.kit.telemetry.RequestIds;
import io.micronaut.http.HttpStatus;
import io.micronaut.scheduling.TaskExecutors;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a request: refused, shown the interface, given a stream or a service, or left to the controllers. */
@Singleton
class Doorkeeper {
    private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Authoriser authoriser;
    private final EdgeRules rules;
    private final TrustedProxies proxies;
    private final RefusalWriter refusals;
    private final EventStreams events;
    private final UserInterface userInterface;
    private final UpstreamPool pool;
    private final IdentityTokens tokens;
    private final Map<String, URI> addresses;
    private final IdempotencyStore idempotency;
    private final ExecutorService blocking;

    Doorkeeper(
            Authoriser authoriser,
            EdgeRules rules,
            TrustedProxies proxies,
            RefusalWriter refusals,
            EventStreams events,
            UserInterface userInterface,
            UpstreamPool pool,
            IdentityTokens tokens,
            List<ServiceAddress> addresses,
            IdempotencyStore idempotency,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.authoriser = authoriser;
        this.rules = rules;
        this.proxies = proxies;
        this.refusals = refusals;
        this.events = events;
        this.userInterface = userInterface;
        this.pool = pool;
        this.tokens = tokens;
        this.addresses = addresses.stream().collect(Collectors.toMap(ServiceAddress::name, ServiceAddress::url));
        this.idempotency = idempotency;
        this.blocking = blocking;
    }

    /** What becomes of a request whose head is well formed; null if it is for the framework's controllers. */
    @Nullable
    Exchange receive(Turn turn, HttpRequest request, Front front) {
        Knock knock = new Knock(
                turn.method, turn.path, request.headers()::getAll, proxies.origin(front.channel(), request.headers()));
        turn.sharedWith = rules.sharedWith(knock);
        try {
            checkExpectation(request);
            authoriser.screen(knock);
        } catch (ProblemException e) {
            return new Refused(front, e);
        }
        if (Preflight.is(knock)) {
            return new Preflight(front, turn.sharedWith.isPresent());
        }
        return switch (RouteTable.find(turn.path)) {
            case Destination.Here() -> null;
            case Destination.UserInterface(String path) -> show(turn, request, front, path);
            case Destination.Events(ProjectOf project) -> stream(knock, request, front, project);
            case Destination.Service service -> proxy(turn, knock, request, front, service);
        };
    }

    private static void checkExpectation(HttpRequest request) {
        String expectation = request.headers().get(HttpHeaderNames.EXPECT);
        if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
            throw ProblemException.of(
                    HttpStatus.EXPECTATION_FAILED, "expectation-failed", "Only Expect: 100-continue is understood.");
        }
    }

    private Exchange show(Turn turn, HttpRequest request, Front front, String path) {
        if (!turn.method.equals("GET") && !turn.method.equals("HEAD")) {
            return new Refused(
                    front, ProblemException.of(HttpStatus.NOT_FOUND, "not-found", "There is nothing at this path."));
        }
        return Admitting.begin(
                front,
                blocking,
                () -> userInterface.answer(request, path).orElseThrow(() -> ProblemException.notFound("page")),
                answer -> {
                    turn.kind = EdgeHeaders.Kind.UI;
                    return new Prepared(front, answer);
                });
    }

    private Exchange stream(Knock knock, HttpRequest request, Front front, ProjectOf project) {
        return Admitting.begin(front, blocking, () -> authoriser.admit(knock, project), admission -> {
            try {
                return events.open(front, admission.project(), request, () -> authoriser.admit(knock, project));
            } catch (ProblemException e) {
                return new Refused(front, e);
            }
        });
    }

    private Exchange proxy(Turn turn, Knock knock, HttpRequest request, Front front, Destination.Service service) {
        URI address = addresses.get(service.name());
        if (address == null) {
            return new Refused(
                    front,
                    ProblemException.of(
                            HttpStatus.BAD_GATEWAY,
                            "bad-gateway",
                            service.name() + " is not part of this installation."));
        }
        if (service.preview()) {
            turn.kind = EdgeHeaders.Kind.PREVIEW;
        }
        return Admitting.begin(
                front,
                blocking,
                () -> {
                    Admission admission = authoriser.admit(knock, service.project());
                    turn.admission = admission;
                    return target(service, address, request, admission);
                },
                target -> {
                    Optional<IdempotencyKey> key = IdempotencyKey.of(request, turn);
                    return key.isEmpty()
                            ? UpstreamExchange.begin(front, pool, target, request, turn.requestId)
                            : new IdempotentExchange(
                                    front,
                                    key.get(),
                                    idempotency,
                                    blocking,
                                    recording ->
                                            UpstreamExchange.begin(recording, pool, target, request, turn.requestId));
                });
    }

    private Target target(Destination.Service service, URI address, HttpRequest request, Admission admission) {
        int query = request.uri().indexOf('?');
        String uri = "/internal/projects/" + admission.project() + "/" + service.rest()
                + (query < 0 ? "" : request.uri().substring(query));
        String identity = tokens.sign(admission.caller(tokens.service()), service.name());
        return new Target(service.name(), address, uri, identity, service.preview(), service.bodyBytesMax());
    }

    String requestId(HttpRequest request) {
        return Optional.ofNullable(request.headers().get(RequestIds.HEADER))
                .filter(id -> PLAIN_ID.matcher(id).matches())
                .orElseGet(Ids::text);
    }

    FullHttpResponse refusal(ProblemException problem, Turn turn) {
        return refusals.answer(problem, turn.requestId);
    }
}
