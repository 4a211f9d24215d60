package dev.slipway.mitm.address;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says which addresses no sandbox may reach, whatever its allowlist says: those that are not on the public internet (IANA's special
 * purpose registries, RFC 6890 and its updates), those that carry an IPv4 address inside, cloud metadata, and this machine's own.
 *
 * @param exempt blocks that the operator opened, for mirrors inside a company's network; never the user's to set
 */
public record AddressGuard(List<Network> exempt) {
    private static final List<Network> SPECIAL_V4 = Stream.of(
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
                    "240.0.0.0/4")
            .map(Network::parse)
            .toList();

    /** All of IPv6 that is handed out for the internet; NAT64, ULA, link-local, mapped and multicast lie outside. */
    private static final Network GLOBAL_V6 = Network.parse("2000::/3");

    private static final List<Network> SPECIAL_V6 = Stream.of("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
            .map(Network::parse)
            .toList();

    public AddressGuard {
        exempt = List.copyOf(exempt);
    }

    /** Why the address is out of reach, or nothing if it may be dialled. */
    public Optional<String> refusal(InetAddress address) {
        if (exempt.stream().anyMatch(block -> block.contains(address))) {
            return Optional.empty();
        }
        return switch (address) {
            case Inet4Address v4
            when SPECIAL_V4.stream().anyMatch(block -> block.contains(v4)) ->
                Optional.of("a private, local or reserved IPv4 address");
            case Inet6Address v6
            when !GLOBAL_V6.contains(v6) || SPECIAL_V6.stream().anyMatch(block -> block.contains(v6)) ->
                Optional.of("a private, local or translated IPv6 address");
            default -> isOwn(address) ? Optional.of("an address of the proxy's own machine") : Optional.empty();
        };
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unreadable) {
            return true; // Without knowledge of the interfaces the safe answer is to refuse.
        }
    }
}
