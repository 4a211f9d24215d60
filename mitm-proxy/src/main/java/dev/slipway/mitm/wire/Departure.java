package dev.slipway.mitm.wire;

import dev.slipway.mitm.inject.Injection;
import dev.slipway.mitm.inject.Placeholder;
import dev.slipway.mitm.inject.RuleSet;
import dev.slipway.mitm.inject.RuleSubject;
import dev.slipway.mitm.meter.MeteredHosts;
import dev.slipway.mitm.policy.Decision;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a request goes through before it may leave: the policy's decision, the credentials that it is owed, room in the budget. Changes
 * the request in place.
 */
final class Departure {
    private final Door door;
    private final ProxyServices services;
    private final Destination destination;
    private final Entry entry;
    private final HttpRequest request;

    Departure(Door door, ProxyServices services, Destination destination, Entry entry, HttpRequest request) {
        this.door = door;
        this.services = services;
        this.destination = destination;
        this.entry = entry;
        this.request = request;
    }

    /**
     * Decides and signs; then runs {@code ready} with the way out, at once or, if the rules have to be asked for, later on {@code loop}.
     *
     * @param refused runs instead of {@code ready} if the rules are needed and cannot be had
     * @throws Refusal if the request may not leave
     */
    void prepare(boolean upgrading, Executor loop, Consumer<Way> ready, Consumer<Refusal> refused) {
        request.headers().remove(WorkspaceGate.IDENTITY_HEADER);
        Headers.removeHopByHop(request.headers(), upgrading);
        if (destination.isWorkspace()) {
            ready.accept(toWorkspace());
            return;
        }
        switch (door.terms().policy().decide(destination.origin())) {
            case Decision.Refused(String reason) -> throw Refusal.notAllowed(destination.origin(), reason);
            case Decision.Allowed allowed -> entry.rule(allowed.rule());
        }
        if (upgrading && MeteredHosts.contains(destination.origin().host())) {
            throw Refusal.unmetered(destination.origin());
        }
        Way way = Ways.to(door, services.upstreams(), destination.origin(), destination.tls());
        // A key goes out over verified TLS alone.
        if (!destination.tls() || !way.tls()) {
            seal();
            ready.accept(way);
            return;
        }
        Optional<RuleSet> known = services.rules().known(door.projectId());
        if (known.isPresent()) {
            sign(known.get());
            seal();
            ready.accept(way);
        } else {
            askForRules(way, loop, ready, refused);
        }
    }

    private Way toWorkspace() {
        WorkspaceGate workspace = services.workspace();
        entry.rule("workspace");
        request.setUri(WorkspaceGate.inside(destination.uri()));
        request.headers()
                .set(HttpHeaderNames.HOST, workspace.address().inHeader(workspace.tls()))
                .set(WorkspaceGate.IDENTITY_HEADER, workspace.identity().apply(door));
        return new Way(door.sessionId(), workspace.address(), workspace.address(), workspace.tls(), true);
    }

    private void askForRules(Way way, Executor loop, Consumer<Way> ready, Consumer<Refusal> refused) {
        services.rules()
                .rulesOf(door.projectId())
                .whenComplete((rules, _) -> loop.execute(() -> {
                    try {
                        signWith(rules);
                        seal();
                    } catch (Refusal refusal) {
                        refused.accept(refusal);
                        return;
                    }
                    ready.accept(way);
                }));
    }

    private void signWith(@Nullable RuleSet rules) {
        if (rules != null) {
            sign(rules);
        } else if (Placeholder.in(request)) {
            throw Refusal.unavailable(
                    "The credentials of this project cannot be had at the moment. The request was not sent; try again");
        }
    }

    private void sign(RuleSet rules) {
        try {
            RuleSubject subject = door.terms().subject();
            Injection.apply(services.operator().headers(), subject, request, destination.origin());
            Injection.apply(door.terms().headers(), subject, request, destination.origin());
            entry.credentials(Injection.apply(rules, subject, request, destination.origin()));
        } catch (Injection.AmbiguousRules ambiguous) {
            throw Refusal.forbidden(ambiguous.getMessage() + "; remove one of them");
        }
    }

    /** The last touches, which nothing may change any more. */
    private void seal() {
        Placeholder.remove(request);
        request.headers().set(HttpHeaderNames.HOST, destination.origin().inHeader(destination.tls()));
        if (MeteredHosts.contains(destination.origin().host())) {
            // Usage is read from the answer as it passes, which a compressed one would not allow.
            request.headers().set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
        }
        services.upstreams()
                .find(destination.origin().host())
                .ifPresent(elsewhere -> request.setUri(elsewhere.pathPrefix() + request.uri()));
    }
}
