package dev.slipway.credential.outgoing;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names to public addresses only. The connection goes to exactly what is answered here, so a name cannot mean one
 * address when it is checked and another one when it is called.
 */
final class PublicAddresses implements DnsResolver {
    private final Set<String> mayBePrivate;

    /** {@code mayBePrivate} are names in lower case that the operator vouches for. */
    PublicAddresses(Set<String> mayBePrivate) {
        this.mayBePrivate = Set.copyOf(mayBePrivate);
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = InetAddress.getAllByName(host);
        if (!mayBePrivate.contains(host.toLowerCase(Locale.ROOT))) {
            for (InetAddress address : found) {
                if (!isPublic(address)) {
                    throw new PrivateAddressException(host);
                }
            }
        }
        return found;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    /** A name that leads into a network that is not the internet. */
    static final class PrivateAddressException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        PrivateAddressException(String host) {
            super(host + " has a private address");
        }
    }

    /** Whether an address is on the internet: none of the special ones of RFC 6890 and its successors. */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return switch (address) {
            case Inet4Address _ -> isPublic4(bytes[0] & 0xFF, bytes[1] & 0xFF, bytes[2] & 0xFF);
            case Inet6Address _ -> isPublic6(bytes);
            default -> false;
        };
    }

    private static boolean isPublic4(int first, int second, int third) {
        return switch (first) {
            case 0 -> false;
            case 100 -> second < 64 || second > 127; // shared by providers' NAT
            case 192 -> !(second == 0 && (third == 0 || third == 2)) && !(second == 88 && third == 99);
            case 198 -> second != 18 && second != 19 && !(second == 51 && third == 100);
            case 203 -> !(second == 0 && third == 113);
            default -> first < 224;
        };
    }

    /** Global unicast is 2000::/3; of it 6to4, Teredo and documentation lead elsewhere, and NAT64 is outside of it. */
    private static boolean isPublic6(byte[] bytes) {
        int first = ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
        int second = ((bytes[2] & 0xFF) << 8) | (bytes[3] & 0xFF);
        return (first & 0xE000) == 0x2000
                && first != 0x2002
                && !(first == 0x2001 && (second == 0 || second == 0x0DB8))
                && first != 0x3FFF;
    }
}
