package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.policy.Decision;
import java.util.concurrent.CompletableFuture;

/** Decides whether a tunnel may be opened, for CONNECT and for SOCKS alike; its addresses are checked before the client is told yes. */
final class TunnelGate {
    private TunnelGate() {}

    /** What the tunnel begins with; fails with a {@link Refusal}, or with what the resolver said. */
    static CompletableFuture<TunnelStart> open(Door door, ProxyServices services, HostPort target) {
        try {
            services.memory().check(door);
        } catch (Refusal crowded) {
            return CompletableFuture.failedFuture(crowded);
        }
        if (target.port() == 80 && target.host().equals(WorkspaceGate.RESERVED)) {
            return CompletableFuture.completedFuture(new TunnelStart(door, services, target, "workspace", false));
        }
        return switch (door.terms().policy().decide(target)) {
            case Decision.Refused(String reason) -> CompletableFuture.failedFuture(Refusal.notAllowed(target, reason));
            case Decision.Allowed(String rule, boolean raw) ->
                services.pool()
                        .check(Ways.to(door, services.upstreams(), target, false))
                        .thenApply(_ -> new TunnelStart(door, services, target, rule, raw));
        };
    }
}
