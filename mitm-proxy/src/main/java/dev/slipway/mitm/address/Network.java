package dev.slipway.mitm.address;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses in CIDR notation; a single address is a block of one.
 *
 * @param prefixBits how many leading bits of {@code base} must agree
 */
public record Network(InetAddress base, int prefixBits) {
    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address.
     *
     * @throws MalformedHost for anything else
     */
    public static Network parse(String cidr) {
        int slash = cidr.indexOf('/');
        String address = slash < 0 ? cidr : cidr.substring(0, slash);
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null || address.indexOf('%') >= 0) {
            throw new MalformedHost(cidr + ": no address block (expected: for example 10.0.0.0/8)");
        }
        int bits = slash < 0 ? bytes.length * 8 : prefix(cidr.substring(slash + 1), cidr);
        if (bits > bytes.length * 8) {
            throw new MalformedHost(cidr + ": prefix too long (expected: at most " + bytes.length * 8 + ")");
        }
        try {
            return new Network(InetAddress.getByAddress(bytes), bits);
        } catch (java.net.UnknownHostException impossible) {
            throw new MalformedHost(cidr + ": no address block");
        }
    }

    /** The block that a text names, or null where it is a host name or a pattern. */
    public static @Nullable Network tryParse(String text) {
        String address = text.contains("/") ? text.substring(0, text.indexOf('/')) : text;
        return NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address) ? parse(text) : null;
    }

    private static int prefix(String digits, String cidr) {
        if (!digits.matches("[0-9]{1,3}")) {
            throw new MalformedHost(cidr + ": prefix is no number");
        }
        return Integer.parseInt(digits);
    }

    /** Whether the block holds the address; blocks and addresses of different families never meet. */
    public boolean contains(InetAddress address) {
        byte[] mine = base.getAddress();
        byte[] theirs = address.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int whole = prefixBits / 8;
        if (!Arrays.equals(mine, 0, whole, theirs, 0, whole)) {
            return false;
        }
        int rest = prefixBits % 8;
        return rest == 0 || (mine[whole] & 0xff) >> (8 - rest) == (theirs[whole] & 0xff) >> (8 - rest);
    }
}
