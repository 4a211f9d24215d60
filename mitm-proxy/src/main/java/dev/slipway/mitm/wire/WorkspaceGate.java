package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostName;
import dev.slipway.mitm.address.HostPort;
import java.util.function.Function;

/**
 * The one host inside the suite that a sandbox reaches: workspace-service, for git. The proxy says who is asking; the sandbox cannot.
 *
 * @param address where workspace-service listens
 * @param tls whether it speaks TLS there
 * @param identity makes a signed identity for a door's session, good for one request
 */
public record WorkspaceGate(HostPort address, boolean tls, Function<Door, String> identity) {
    /** The name under which sandboxes know it; on no DNS server. */
    public static final HostName RESERVED = HostName.parse("workspace.slipway.internal");

    /** The header that carries the identity; never passed on from a sandbox. */
    public static final String IDENTITY_HEADER = "X-Slipway-Identity";

    private static final String PATH_PREFIX = "/internal/git";

    /**
     * The path at workspace-service.
     *
     * @throws Refusal if the path could lead out of the git part
     */
    static String inside(String uri) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        if (path.contains("..") || path.contains("//") || path.indexOf('%') >= 0 || path.indexOf('\\') >= 0) {
            throw Refusal.badRequest("the path leads out of " + PATH_PREFIX);
        }
        return PATH_PREFIX + uri;
    }
}
