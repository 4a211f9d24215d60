package dev.slipway.gateway.audit;

import dev.slipway.gateway.user.User;
import dev.slipway.gateway.user.Visitor;
import dev.slipway.gateway.user.Visitor.Proof;
import io.micronaut.http.HttpRequest;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Learns of one request who sent it, while those find out who answer it. */
public final class Witness {
    private static final AttributeKey<Witness> ON_CHANNEL = AttributeKey.valueOf("slipway.witness");
    private static final String ON_REQUEST = "slipway.witness";

    private static final Known NOTHING = new Known(null, null, null, null);

    private volatile Known known = NOTHING;

    private record Known(
            @Nullable String userId,
            @Nullable String name,
            @Nullable Proof proof,
            @Nullable String projectId) {}

    /** A witness of its own, of a request that came another way than through a connection's pipeline. */
    public Witness() {}

    /** The witness of the request that a connection has in hand, which a filter finds again by {@link #of(Channel)}. */
    public static Witness on(Channel channel) {
        Witness witness = new Witness();
        channel.attr(ON_CHANNEL).set(witness);
        return witness;
    }

    /** The witness of the request in hand. */
    public static Optional<Witness> of(Channel channel) {
        return Optional.ofNullable(channel.attr(ON_CHANNEL).get());
    }

    /** The witness of a request that a controller answers. */
    public static Witness of(HttpRequest<?> request) {
        return request.getAttribute(ON_REQUEST, Witness.class).orElseGet(Witness::new);
    }

    /** Goes along with the request to its controller. */
    public void attachTo(HttpRequest<?> request) {
        request.setAttribute(ON_REQUEST, this);
    }

    /** Somebody is let in. */
    public void admitted(Visitor visitor, @Nullable String project) {
        known = new Known(visitor.user().id(), visitor.user().username(), visitor.proof(), project);
    }

    /** Somebody says to be this, and has not shown it. */
    public void claimed(String username) {
        Known now = known;
        known = new Known(now.userId(), username, now.proof(), now.projectId());
    }

    /** Somebody has just logged in. */
    public void loggedIn(User user) {
        Known now = known;
        known = new Known(user.id(), user.username(), now.proof(), now.projectId());
    }

    @Nullable
    String userId() {
        return known.userId();
    }

    @Nullable
    String name() {
        return known.name();
    }

    String proof() {
        Proof proof = known.proof();
        return proof == null ? "none" : proof.name().toLowerCase(Locale.ROOT);
    }

    @Nullable
    String projectId() {
        return known.projectId();
    }
}
