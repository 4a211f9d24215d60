package dev.slipway.mitm.policy;

import dev.slipway.mitm.address.HostName;
import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.MalformedHost;
import dev.slipway.mitm.address.Network;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Which hosts a rule means: exactly one, {@code *.x.com} (any depth, not {@code x.com}), {@code api.*}, {@code *}, an address or a CIDR
 * block; with {@code :port} only that port.
 *
 * @param port the one port that the pattern names; traffic that the proxy cannot look into needs one
 */
public record HostPattern(Hosts hosts, OptionalInt port) {
    /** The host part of a pattern, from the most to the least exact. */
    public sealed interface Hosts {
        /** One name. */
        record Exact(String name) implements Hosts {}

        /** One address or a block of them, for hosts that are given as a literal. */
        record Block(Network network) implements Hosts {}

        /** All names that end so; begins with a dot. */
        record Below(String suffix) implements Hosts {}

        /** All names that begin so; ends with a dot. */
        record Beginning(String prefix) implements Hosts {}

        /** Every name, but no literal. */
        record Any() implements Hosts {}
    }

    private static final int PATTERN_LENGTH_MAX = 300;

    /**
     * Reads a pattern.
     *
     * @throws MalformedHost if it has a star elsewhere than at one end, or is no host otherwise
     */
    public static HostPattern parse(String given) {
        String text = given.strip().toLowerCase(Locale.ROOT);
        if (text.isEmpty() || text.length() > PATTERN_LENGTH_MAX) {
            throw new MalformedHost("a host pattern of " + text.length() + " characters (expected: 1 to 300)");
        }
        Network network = Network.tryParse(text);
        if (network != null) {
            return new HostPattern(new Hosts.Block(network), OptionalInt.empty());
        }
        int colon = text.lastIndexOf(':');
        OptionalInt port = colon < 0 || text.endsWith("]") ? OptionalInt.empty() : OptionalInt.of(port(text, colon));
        return new HostPattern(hosts(port.isPresent() ? text.substring(0, colon) : text), port);
    }

    private static int port(String text, int colon) {
        return HostPort.parse("x" + text.substring(colon), 0).port();
    }

    private static Hosts hosts(String text) {
        if (text.equals("*")) {
            return new Hosts.Any();
        }
        if (text.startsWith("*.")) {
            return new Hosts.Below("." + HostName.parse(text.substring(2)).text());
        }
        if (text.endsWith(".*")) {
            return new Hosts.Beginning(
                    HostName.parse(text.substring(0, text.length() - 2)).text() + ".");
        }
        if (text.indexOf('*') >= 0) {
            throw new MalformedHost(text + ": a star in the middle (expected: *.example.com, api.* or *)");
        }
        HostName host = HostName.parse(text);
        return host.literal()
                .<Hosts>map(address -> new Hosts.Block(Network.parse(host.text())))
                .orElseGet(() -> new Hosts.Exact(host.text()));
    }

    /** Whether the pattern means this host, whatever the port. */
    public boolean matches(HostName host) {
        return switch (hosts) {
            case Hosts.Exact(String name) -> name.equals(host.text());
            case Hosts.Block(Network network) ->
                host.literal().filter(network::contains).isPresent();
            case Hosts.Below(String suffix) ->
                host.literal().isEmpty()
                        && host.text().length() > suffix.length()
                        && host.text().endsWith(suffix);
            case Hosts.Beginning(String prefix) ->
                host.literal().isEmpty() && host.text().startsWith(prefix);
            case Hosts.Any() -> host.literal().isEmpty();
        };
    }

    /** Whether the pattern means this host at this port. */
    public boolean matches(HostPort target) {
        return matches(target.host()) && (port.isEmpty() || port.getAsInt() == target.port());
    }

    /** How exact the pattern is: of two that match, the higher one wins; longer wildcards beat shorter ones. */
    public int exactness() {
        return switch (hosts) {
            case Hosts.Exact _ -> 100_000;
            case Hosts.Block(Network network) -> 50_000 + network.prefixBits();
            case Hosts.Below(String suffix) -> 10_000 + suffix.length();
            case Hosts.Beginning(String prefix) -> 1_000 + prefix.length();
            case Hosts.Any() -> 0;
        };
    }
}
