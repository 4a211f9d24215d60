package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.Resolver;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Says in words for the user why a host could not be reached. */
final class Failures {
    private Failures() {}

    static Refusal refusal(HostPort target, Throwable failure) {
        Throwable cause = UpstreamPool.unwrapped(failure);
        return switch (cause) {
            case Refusal refusal -> refusal;
            case Resolver.RefusedAddress refused -> Refusal.forbidden(target + ": " + refused.getMessage());
            case Resolver.UnknownName unknown -> Refusal.badGateway(String.valueOf(unknown.getMessage()));
            case TimeoutException _ -> Refusal.timeout(target + ": its name could not be resolved in time");
            case SSLException _ ->
                Refusal.badGateway(target + ": its certificate is not trusted, is for another name, or TLS failed");
            case io.netty.channel.ConnectTimeoutException _ ->
                Refusal.timeout(target + " did not take the connection in time");
            case ConnectException _ -> Refusal.badGateway(target + " does not take connections");
            default -> Refusal.badGateway(target + " could not be reached");
        };
    }
}
