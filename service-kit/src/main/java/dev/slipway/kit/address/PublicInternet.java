package dev.slipway.kit.address;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells addresses of the public internet from those that are not: the special-purpose registries of IANA (RFC 6890 and its updates),
 * those that carry an IPv4 address inside (6to4, Teredo, NAT64, mapped and compatible ones), clouds' metadata, and this machine's own.
 */
public final class PublicInternet {
    private record Block(InetAddress begin, int bits) {
        static Block parse(String cidr) {
            String[] parts = cidr.split("/", 2);
            return new Block(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1]));
        }

        boolean contains(byte[] address) {
            byte[] base = begin.getAddress();
            int whole = bits / 8;
            int rest = bits % 8;
            return address.length == base.length
                    && Arrays.equals(base, 0, whole, address, 0, whole)
                    && (rest == 0 || (base[whole] & 0xff) >> (8 - rest) == (address[whole] & 0xff) >> (8 - rest));
        }
    }

    private static final List<Block> SPECIAL_V4 = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");

    /** All of IPv6 that is handed out for the internet; NAT64, unique local, link-local, mapped and multicast lie outside. */
    private static final Block GLOBAL_V6 = Block.parse("2000::/3");

    private static final List<Block> SPECIAL_V6 = blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private PublicInternet() {}

    /** Whether the address may be dialled for somebody who is not the operator. */
    public static boolean contains(InetAddress address) {
        return refusal(address).isEmpty();
    }

    /** Why it may not be dialled, as a noun phrase; nothing if it may. */
    public static Optional<String> refusal(InetAddress address) {
        byte[] bytes = address.getAddress();
        return switch (address) {
            case Inet4Address _
            when SPECIAL_V4.stream().anyMatch(block -> block.contains(bytes)) ->
                Optional.of("a private, local or reserved IPv4 address");
            case Inet6Address _
            when !GLOBAL_V6.contains(bytes) || SPECIAL_V6.stream().anyMatch(block -> block.contains(bytes)) ->
                Optional.of("a private, local or translated IPv6 address");
            default -> isOwn(address) ? Optional.of("an address of this service's own machine") : Optional.empty();
        };
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unreadable) {
            return true; // Without knowledge of the interfaces the safe answer is to refuse.
        }
    }

    private static List<Block> blocks(String... cidrs) {
        return Stream.of(cidrs).map(Block::parse).toList();
    }
}
