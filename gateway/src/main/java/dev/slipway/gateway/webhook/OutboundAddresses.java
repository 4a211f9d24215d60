package dev.slipway.gateway.webhook;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names to addresses of the internet only, as far as configured. The very addresses that were checked are the ones that
 * are dialled, so that a name cannot change its mind in between.
 */
@Singleton
class OutboundAddresses implements DnsResolver {
    /** What is not of the internet (the special-purpose registries of RFC 6890, and tunnels that lead to it). */
    private static final List<IpSubnetFilterRule> NOT_PUBLIC = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
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
                    "240.0.0.0/4",
                    "::/96",
                    "64:ff9b::/96",
                    "64:ff9b:1::/48",
                    "100::/64",
                    "2001::/23",
                    "2001:db8::/32",
                    "2002::/16",
                    "3fff::/20",
                    "5f00::/16",
                    "fc00::/7",
                    "fe80::/10",
                    "fec0::/10",
                    "ff00::/8")
            .map(OutboundAddresses::rule)
            .toList();

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
        return allowPrivate || isPublic(address);
    }

    static boolean isPublic(InetAddress address) {
        if (address instanceof Inet6Address six && six.isIPv4CompatibleAddress()) {
            return false;
        }
        return NOT_PUBLIC.stream().noneMatch(rule -> rule.matches(new InetSocketAddress(address, 0)));
    }

    private static IpSubnetFilterRule rule(String network) {
        String[] parts = network.split("/", 2);
        return new IpSubnetFilterRule(parts[0], Integer.parseInt(parts[1]), IpFilterRuleType.REJECT);
    }
}
