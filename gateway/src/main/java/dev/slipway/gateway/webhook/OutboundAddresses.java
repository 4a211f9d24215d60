package dev.slipway.gateway.webhook;

import dev.slipway.kit.address.PublicInternet;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names to addresses of the internet only, as far as configured. The very addresses that were checked are the ones that
 * are dialled, so that a name cannot change its mind in between.
 */
@Singleton
class OutboundAddresses implements DnsResolver {
    private final boolean allowPrivate;

    OutboundAddresses(WebhookSettings settings) {
        this.allowPrivate = settings.allowPrivate();
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = InetAddress.getAllByName(host);
        // One bad address is enough: which of them is dialled is not ours to hope for.
        if (!Arrays.stream(addresses).allMatch(this::mayBeDialled)) {
            throw new UnknownHostException(host + " leads to an address that is not of the internet");
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    boolean mayBeDialled(InetAddress address) {
        return allowPrivate || PublicInternet.contains(address);
    }
}
