package dev.slipway.gateway.door;

import dev.slipway.gateway.audit.AuditTrail;
import dev.slipway.gateway.audit.AuditTrail.Seen;
import dev.slipway.gateway.audit.Witness;
import dev.slipway.gateway.door.Destination.Preview;
import dev.slipway.gateway.events.EventStreams;
import dev.slipway.gateway.events.EventStreams.Watcher;
import dev.slipway.gateway.proxy.Target;
import dev.slipway.gateway.proxy.UpstreamExchange;
import dev.slipway.gateway.proxy.UpstreamPool;
import dev.slipway.gateway.ui.UserInterface;
import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.gateway.wire.HeaderValues;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.kit.telemetry.RequestIds;
import io.micronaut.http.HttpStatus;
import io.micronaut.scheduling.TaskExecutors;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a request: refused, shown the interface, given a stream or a service, or left to the controllers. */
@Singleton
class Doorkeeper {
    private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final AsciiString REQUEST_ID = AsciiString.cached(RequestIds.HEADER);
    private static final Map<String, CharSequence> HEADER_NAMES = Stream.of(
                    "Authorization",
                    "Cookie",
                    "Host",
                    "Origin",
                    "Sec-Fetch-Dest",
                    "Sec-Fetch-Mode",
                    "Sec-Fetch-Site",
                    "Upgrade")
            .collect(Collectors.toUnmodifiableMap(Function.identity(), AsciiString::cached));

    private final Authoriser authoriser;
    private final EdgeRules rules;
    private final TrustedProxies proxies;
    private final AuditTrail trail;
    private final RefusalWriter refusals;
    private final EventStreams events;
    private final UserInterface userInterface;
    private final UpstreamPool pool;
    private final Routes routes;
    private final PreviewGate previews;
    private final IdempotencyStore idempotency;
    private final Connections connections;
    private final AccessLog accessLog;
    private final ExecutorService blocking;

    Doorkeeper(
            Authoriser authoriser,
            EdgeRules rules,
            TrustedProxies proxies,
            AuditTrail trail,
            RefusalWriter refusals,
            EventStreams events,
            UserInterface userInterface,
            UpstreamPool pool,
            Routes routes,
            PreviewGate previews,
            IdempotencyStore idempotency,
            Connections connections,
            AccessLog accessLog,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.authoriser = authoriser;
        this.rules = rules;
        this.proxies = proxies;
        this.trail = trail;
        this.refusals = refusals;
        this.events = events;
        this.userInterface = userInterface;
        this.pool = pool;
        this.routes = routes;
        this.previews = previews;
        this.idempotency = idempotency;
        this.connections = connections;
        this.accessLog = accessLog;
        this.blocking = blocking;
    }

    /** What becomes of a request whose head is well formed; null if it is for the framework's controllers. */
    @Nullable
    Exchange receive(Turn turn, HttpRequest request, Front front) {
        Knock knock =
                knock(turn, request, proxies.origin(front.peer(), request.headers()), Witness.on(front.channel()));
        Seen seen = knock.seen(turn.requestId);
        turn.knock = seen.matters() ? knock : null;
        turn.sharedWith = rules.sharedWith(knock);
        try {
            checkExpectation(request);
            authoriser.meter(knock);
            authoriser.screen(knock);
            trail.requireRoom(seen);
            Destination destination = RouteTable.find(turn.path, turn.query);
            boolean ticket = destination instanceof Preview preview && preview.ticket() != null;
            if (previews.isApart(knock) && !ticket) {
                throw ProblemException.notFound("page");
            }
            if (!ticket && Preflight.is(knock)) {
                return new Preflight(front, turn.sharedWith.isPresent());
            }
            return switch (destination) {
                case Destination.Here() -> here(turn);
                case Destination.UserInterface(String path) -> show(turn, request, front, path);
                case Destination.Events stream -> stream(turn, knock, request, front, stream);
                case Preview preview -> preview(turn, knock, request, front, preview);
                case Destination.Service service -> proxy(turn, knock, request, front, service);
            };
        } catch (ProblemException e) {
            return new Refused(front, e);
        }
    }

    /** What a browser cannot say in a header of a WebSocket it may say in its query. */
    private static Knock knock(Turn turn, HttpRequest request, ClientOrigin origin, Witness witness) {
        Function<String, List<String>> headers = name -> HeaderValues.all(request.headers(), hashed(name));
        if (turn.path.startsWith("/ws/") && !request.headers().contains(HttpHeaderNames.AUTHORIZATION)) {
            String token = QueryToken.of(turn.query);
            if (token != null) {
                return new Knock(
                        turn.method,
                        turn.path,
                        name -> name.equalsIgnoreCase("Authorization")
                                ? List.of("Bearer " + token)
                                : headers.apply(name),
                        origin,
                        witness);
            }
        }
        return new Knock(turn.method, turn.path, headers, origin, witness);
    }

    /** The name in a form that knows its hash; the same few are asked for with each request. */
    private static CharSequence hashed(String name) {
        return HEADER_NAMES.getOrDefault(name, name);
    }

    private static void checkExpectation(HttpRequest request) {
        String expectation = request.headers().get(HttpHeaderNames.EXPECT);
        if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
            throw ProblemException.of(
                    HttpStatus.EXPECTATION_FAILED, "expectation-failed", "Only Expect: 100-continue is understood.");
        }
    }

    private static @Nullable Exchange here(Turn turn) {
        if (turn.path.equals("/api/docs")) {
            turn.kind = EdgeHeaders.Kind.DOCS;
        }
        return null;
    }

    private Exchange show(Turn turn, HttpRequest request, Front front, String path) {
        if (!turn.method.equals("GET") && !turn.method.equals("HEAD")) {
            throw ProblemException.of(HttpStatus.NOT_FOUND, "not-found", "There is nothing at this path.");
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

    private Exchange stream(Turn turn, Knock knock, HttpRequest request, Front front, Destination.Events wanted) {
        return Admitting.begin(front, blocking, () -> authoriser.admit(knock, wanted.project()), admission -> {
            turn.admission = admission;
            try {
                return events.open(front, request, wanted.webSocket(), watcher(knock, wanted, admission));
            } catch (ProblemException e) {
                return new Refused(front, e);
            }
        });
    }

    private Watcher watcher(Knock knock, Destination.Events wanted, Admission admission) {
        return new Watcher(
                admission.project(),
                admission.user().id(),
                new ChatRoute(routes, admission),
                () -> authoriser.admit(knock, wanted.project()));
    }

    private Exchange preview(Turn turn, Knock knock, HttpRequest request, Front front, Preview wanted) {
        turn.kind = previews.kind(knock, wanted);
        return Admitting.begin(front, blocking, () -> previews.admit(knock, wanted), admission -> {
            turn.admission = admission;
            Optional<FullHttpResponse> elsewhere = previews.redirect(knock, wanted, admission);
            if (elsewhere.isPresent()) {
                return new Prepared(front, elsewhere.get());
            }
            Target target = previews.target(wanted, routes.to(RouteTable.CONTAINER, admission), turn.path);
            return UpstreamExchange.begin(front, pool, target, request, turn.requestId);
        });
    }

    private Exchange proxy(Turn turn, Knock knock, HttpRequest request, Front front, Destination.Service service) {
        Optional<Admission> known = knock.safe() ? authoriser.admitAtOnce(knock, service.project()) : Optional.empty();
        return known.map(admission -> passOn(turn, request, front, service, admission))
                .orElseGet(() -> Admitting.begin(
                        front,
                        blocking,
                        () -> authoriser.admit(knock, service.project()),
                        admission -> passOn(turn, request, front, service, admission)));
    }

    private Exchange passOn(
            Turn turn, HttpRequest request, Front front, Destination.Service service, Admission admission) {
        turn.admission = admission;
        Target target = routes.target(service, admission);
        Optional<IdempotencyKey> key = IdempotencyKey.of(request, turn);
        return key.isEmpty()
                ? UpstreamExchange.begin(front, pool, target, request, turn.requestId)
                : new IdempotentExchange(
                        front,
                        key.get(),
                        idempotency,
                        blocking,
                        recording -> UpstreamExchange.begin(recording, pool, target, request, turn.requestId));
    }

    /** The answer to a request has begun. */
    void answered(Turn turn, int status) {
        note(turn, status);
    }

    /** The client is gone; what it asked for may have happened all the same. */
    void left(Turn turn) {
        note(turn, null);
    }

    private void note(Turn turn, @Nullable Integer status) {
        Knock knock = turn.knock;
        if (knock != null) {
            turn.knock = null;
            trail.note(knock.seen(turn.requestId), knock.witness(), status);
        }
    }

    String requestId(HttpRequest request) {
        String given = request.headers().get(REQUEST_ID);
        return given != null && PLAIN_ID.matcher(given).matches() ? given : RequestIds.fresh();
    }

    FullHttpResponse refusal(ProblemException problem, Turn turn) {
        return refusals.answer(problem, turn.requestId);
    }

    /** An answer of the framework's is about to leave. */
    void answeredHere(Turn turn) {
        if (!turn.isSafe()) {
            authoriser.forget();
        }
    }

    /** An answer is complete, or will never be. */
    void over(Turn turn, String address) {
        accessLog.note(turn, address);
    }

    Connections connections() {
        return connections;
    }
}
