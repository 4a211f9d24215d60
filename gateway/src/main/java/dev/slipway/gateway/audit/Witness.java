package dev.slipway.gateway.audit;

import dev.slipway.gateway.user.User;
import dev.slipway.gateway.user.Visitor;
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

    private volatile @Nullable String userId;
    private volatile @Nullable String name;
    private volatile String proof = "none";
    private volatile @Nullable String projectId;

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
        userId = visitor.user().id();
        name = visitor.user().username();
        proof = visitor.proof().name().toLowerCase(Locale.ROOT);
        projectId = project;
    }

    /** Somebody says to be this, and has not shown it. */
    public void claimed(String username) {
        name = username;
    }

    /** Somebody has just logged in. */
    public void loggedIn(User user) {
        userId = user.id();
        name = user.username();
    }

    @Nullable
    String userId() {
        return userId;
    }

    @Nullable
    String name() {
        return name;
    }

    String proof() {
        return proof;
    }

    @Nullable
    String projectId() {
        return projectId;
    }
}
