package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostName;
import dev.slipway.mitm.address.HostPort;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the operator sends a host's traffic instead of to the host itself, for example to an LLM gateway. Set by the operator alone, so
 * these targets may be private or loopback.
 */
public record UpstreamMap(Map<String, Elsewhere> byHost) {
    /**
     * One target.
     *
     * @param tls whether the target speaks TLS; it must then prove to be the original host
     * @param pathPrefix what stands before each request's path; empty or begins with a slash and ends without
     */
    public record Elsewhere(HostPort address, boolean tls, String pathPrefix) {}

    public UpstreamMap {
        byHost = Map.copyOf(byHost);
    }

    /**
     * Reads {@code host=url,host=url}; blank means none.
     *
     * @throws IllegalArgumentException if an entry is no pair of a host and an http or https URL
     */
    public static UpstreamMap parse(String text) {
        Map<String, Elsewhere> targets = new LinkedHashMap<>();
        for (String entry : text.split(",", -1)) {
            if (!entry.isBlank()) {
                int equals = entry.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("upstreams: " + entry.strip() + " (expected: host=url)");
                }
                targets.put(
                        HostName.parse(entry.substring(0, equals).strip()).text(),
                        elsewhere(entry.substring(equals + 1).strip()));
            }
        }
        return new UpstreamMap(targets);
    }

    /** Where the host's traffic goes, if not to the host. */
    public Optional<Elsewhere> find(HostName host) {
        return byHost.isEmpty() ? Optional.empty() : Optional.ofNullable(byHost.get(host.text()));
    }

    private static Elsewhere elsewhere(String url) {
        URI uri = URI.create(url);
        boolean tls = "https".equals(uri.getScheme());
        if ((!tls && !"http".equals(uri.getScheme())) || uri.getRawAuthority() == null) {
            throw new IllegalArgumentException("upstreams: " + url + " (expected: an http or https URL)");
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return new Elsewhere(
                HostPort.parse(uri.getRawAuthority(), tls ? 443 : 80),
                tls,
                path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }
}
