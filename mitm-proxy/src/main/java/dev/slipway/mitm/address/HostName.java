package dev.slipway.mitm.address;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A host in its one canonical spelling: lower case, no trailing dot, or an address literal in its usual form.
 *
 * <p>Spellings that some resolver or library reads as another host (decimal, octal, hexadecimal and short IPv4, zone ids, percent
 * escapes, user-info, control characters, Unicode) cannot become a HostName at all.
 *
 * @param text canonical text; an IPv6 literal stands without brackets
 * @param literal the address if the host is a literal
 */
public record HostName(String text, Optional<InetAddress> literal) {
    private static final int NAME_LENGTH_MAX = 253;
    private static final int LABEL_LENGTH_MAX = 63;

    /**
     * Reads a host as it stands in a request line, a Host header, a SOCKS request or a server name indication.
     *
     * @throws MalformedHost if it is none, or has a spelling that could be read in two ways
     */
    public static HostName parse(@Nullable CharSequence given) {
        if (given == null || given.isEmpty()) {
            throw new MalformedHost("the host is empty");
        }
        if (given.length() > NAME_LENGTH_MAX + 2) {
            throw new MalformedHost("the host has " + given.length() + " characters (expected: at most 253)");
        }
        String host = given.toString();
        if (host.charAt(0) == '[') {
            if (!host.endsWith("]")) {
                throw new MalformedHost("an IPv6 address must end with ]");
            }
            return v6(host.substring(1, host.length() - 1));
        }
        if (host.indexOf(':') >= 0) {
            return v6(host);
        }
        return name(host);
    }

    /** The host of an address, as a SOCKS client may give it. */
    public static HostName of(byte[] address) {
        try {
            InetAddress inet = InetAddress.getByAddress(address);
            return new HostName(NetUtil.toAddressString(inet), Optional.of(inet));
        } catch (UnknownHostException wrongLength) {
            throw new MalformedHost("an address of " + address.length + " bytes (expected: 4 or 16)");
        }
    }

    /** The host as it stands in a URL or a Host header: IPv6 in brackets. */
    public String inUrl() {
        return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
    }

    private static HostName v6(String text) {
        byte[] bytes = text.indexOf('%') < 0 && NetUtil.isValidIpV6Address(text)
                ? NetUtil.createByteArrayFromIpAddressString(text)
                : null;
        if (bytes == null || bytes.length != 16) {
            throw new MalformedHost("not an IPv6 address");
        }
        try {
            // The mapped form must stay 16 bytes long: getByAddress would make an IPv4 address of it, and policy would
            // not see the trick.
            if (isMapped(bytes)) {
                throw new MalformedHost("an IPv4-mapped IPv6 address (write the IPv4 address itself)");
            }
            InetAddress inet = InetAddress.getByAddress(bytes);
            return new HostName(NetUtil.toAddressString(inet), Optional.of(inet));
        } catch (UnknownHostException impossible) {
            throw new MalformedHost("not an IPv6 address");
        }
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == (byte) 0xff && bytes[11] == (byte) 0xff;
    }

    private static HostName name(String given) {
        String host = (given.endsWith(".") ? given.substring(0, given.length() - 1) : given).toLowerCase(Locale.ROOT);
        if (host.isEmpty() || host.length() > NAME_LENGTH_MAX) {
            throw new MalformedHost("the host is empty or longer than 253 characters");
        }
        int labelStart = 0;
        for (int i = 0; i <= host.length(); i++) {
            if (i == host.length() || host.charAt(i) == '.') {
                checkLabel(host, labelStart, i);
                labelStart = i + 1;
            } else if (!allowed(host.charAt(i))) {
                throw new MalformedHost("the host has a character that no host name has (expected: a-z 0-9 - _ .)");
            }
        }
        return endsInNumber(host) ? v4(host) : new HostName(host, Optional.empty());
    }

    private static void checkLabel(String host, int start, int end) {
        if (end == start) {
            throw new MalformedHost("the host has an empty label");
        }
        if (end - start > LABEL_LENGTH_MAX) {
            throw new MalformedHost("the host has a label longer than 63 characters");
        }
        if (host.charAt(start) == '-' || host.charAt(end - 1) == '-') {
            throw new MalformedHost("the host has a label that begins or ends with -");
        }
    }

    private static boolean allowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /** Whether a URL parser would take the host for an IPv4 address (WHATWG URL, "ends in a number"). */
    private static boolean endsInNumber(String host) {
        String last = host.substring(host.lastIndexOf('.') + 1);
        // Only such a label can be one; most hosts end in a letter that no number begins with.
        return last.charAt(0) >= '0'
                && last.charAt(0) <= '9'
                && (last.chars().allMatch(c -> c >= '0' && c <= '9') || last.matches("0x[0-9a-f]*"));
    }

    private static HostName v4(String host) {
        String[] parts = host.split("\\.", -1);
        byte[] bytes = new byte[4];
        boolean plain = parts.length == 4;
        for (int i = 0; plain && i < 4; i++) {
            String part = parts[i];
            plain = part.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(part) <= 255;
            if (plain) {
                bytes[i] = (byte) Integer.parseInt(part);
            }
        }
        if (!plain) {
            throw new MalformedHost("an odd spelling of an IPv4 address (expected: four decimal numbers)");
        }
        return of(bytes);
    }

    @Override
    public String toString() {
        return text;
    }
}
