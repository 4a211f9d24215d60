package dev.slipway.mitm.address;

import org.jspecify.annotations.Nullable;

/**
 * A host and a port: the authority of a request.
 *
 * @param port 1 to 65535
 */
public record HostPort(HostName host, int port) {
    private static final int PORT_MAX = 65_535;
    private static final int PORT_DIGITS_MAX = 5;

    public HostPort {
        if (port < 1 || port > PORT_MAX) {
            throw new MalformedHost("port " + port + " (expected: 1 to 65535)");
        }
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}.
     *
     * @param defaultPort the port if none stands there; 0 if one must
     * @throws MalformedHost for anything else
     */
    public static HostPort parse(@Nullable String authority, int defaultPort) {
        if (authority == null || authority.isEmpty()) {
            throw new MalformedHost("the host is empty");
        }
        int end = authority.charAt(0) == '[' ? authority.indexOf(']') + 1 : authority.indexOf(':');
        if (authority.charAt(0) == '[' && end == 0) {
            throw new MalformedHost("an IPv6 address must end with ]");
        }
        if (end < 0 || end == authority.length()) {
            return new HostPort(HostName.parse(authority), defaultPort);
        }
        if (authority.charAt(end) != ':') {
            throw new MalformedHost("after the host stands something that is no port");
        }
        return new HostPort(HostName.parse(authority.substring(0, end)), port(authority.substring(end + 1)));
    }

    private static boolean isDecimal(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > PORT_DIGITS_MAX || !isDecimal(digits)) {
            throw new MalformedHost("the port is no number (expected: 1 to 65535)");
        }
        return Integer.parseInt(digits);
    }

    /** As it stands in a Host header: the port is left out where the scheme implies it. */
    public String inHeader(boolean tls) {
        return port == (tls ? 443 : 80) ? host.inUrl() : host.inUrl() + ":" + port;
    }

    @Override
    public String toString() {
        return host.inUrl() + ":" + port;
    }
}
