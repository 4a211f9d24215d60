package dev.slipway.workspace.source;

import dev.slipway.kit.address.PublicInternet;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps users from reaching our own network through a clone: a host whose address is not on the {@linkplain PublicInternet internet}
 * is refused unless the operator names it ({@code slipway.workspaces.internal-hosts}).
 */
@Singleton
public class HostPolicy {
    private final List<String> trusted;
    private final boolean throughProxy;

    HostPolicy(WorkspaceSettings settings) {
        this.trusted = settings.trustedHosts().stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .toList();
        this.throughProxy = System.getenv("HTTPS_PROXY") != null || System.getenv("https_proxy") != null;
    }

    /**
     * Checks a host just before it is used.
     *
     * @return the address that git is to use, so that the name cannot lead elsewhere a moment later; empty if a proxy of the
     *     operator's resolves names, or the host is trusted
     */
    public Optional<String> admit(String host) {
        if (trusted.contains(host.toLowerCase(Locale.ROOT))) {
            return Optional.empty();
        }
        if (throughProxy && !isLiteral(host)) {
            return Optional.empty();
        }
        return admitDirectly(host);
    }

    /** As {@link #admit}, for what never goes through a proxy of the operator's. */
    public Optional<String> admitDirectly(String host) {
        if (trusted.contains(host.toLowerCase(Locale.ROOT))) {
            return Optional.empty();
        }
        try {
            InetAddress[] addresses = InetAddress.getAllByName(host);
            if (!Arrays.stream(addresses).allMatch(PublicInternet::contains)) {
                throw ProblemException.unprocessable(
                        "path",
                        "the host has an internal address (expected: a public host, or one that the operator lists in"
                                + " slipway.workspaces.internal-hosts)");
            }
            return isLiteral(host) ? Optional.empty() : Optional.of(addresses[0].getHostAddress());
        } catch (UnknownHostException _) {
            throw ProblemException.unprocessable("path", "the host is unknown (expected: a host name that resolves)");
        }
    }

    private static boolean isLiteral(String host) {
        return host.matches("[0-9.]+") || host.contains(":") || host.equalsIgnoreCase("localhost");
    }
}
