package dev.slipway.credential.outgoing;

import dev.slipway.kit.address.PublicInternet;
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
                if (!PublicInternet.contains(address)) {
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
}
