package dev.slipway.gateway.door;

import dev.slipway.gateway.wire.Peer;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Believes {@code X-Forwarded-For} and {@code X-Forwarded-Proto} of proxies that the operator named, and of nobody else: anyone
 * can write these headers. Of a chain of addresses the last that is not one of these proxies is the client.
 */
@Singleton
final class TrustedProxies {
    private static final int USER_AGENT_MAX = 200;

    private final List<IpSubnetFilterRule> networks;

    TrustedProxies(EdgeSettings settings) {
        this.networks = settings.proxies().stream().map(TrustedProxies::network).toList();
    }

    ClientOrigin origin(Peer peer, HttpHeaders headers) {
        InetAddress address = peer.address();
        if (address != null && !isTrusted(address)) {
            String userAgent = headers.get(HttpHeaderNames.USER_AGENT);
            return new ClientOrigin(peer.digits(), peer.tls(), userAgent == null ? null : shortened(userAgent));
        }
        return origin(address, peer.tls(), headers::getAll);
    }

    ClientOrigin origin(@Nullable SocketAddress remote, boolean tls, Function<String, List<String>> headers) {
        InetAddress address = remote instanceof InetSocketAddress internet ? internet.getAddress() : null;
        return origin(address, tls, headers);
    }

    private ClientOrigin origin(@Nullable InetAddress address, boolean tls, Function<String, List<String>> headers) {
        String userAgent = headers.apply("User-Agent").stream()
                .findFirst()
                .map(TrustedProxies::shortened)
                .orElse(null);
        if (address == null || !isTrusted(address)) {
            return new ClientOrigin(address == null ? "unknown" : address.getHostAddress(), tls, userAgent);
        }
        List<String> protocols = headers.apply("X-Forwarded-Proto");
        boolean secure = protocols.isEmpty() ? tls : protocols.getLast().strip().equalsIgnoreCase("https");
        return new ClientOrigin(
                client(address, headers.apply("X-Forwarded-For")).getHostAddress(), secure, userAgent);
    }

    private InetAddress client(InetAddress nearest, List<String> forwarded) {
        List<String> hops = new ArrayList<>();
        forwarded.forEach(header -> hops.addAll(List.of(header.split(",", -1))));
        InetAddress client = nearest;
        for (String hop : hops.reversed()) {
            byte[] bytes = NetUtil.createByteArrayFromIpAddressString(hop.strip());
            if (bytes == null) {
                return client;
            }
            client = address(bytes);
            if (!isTrusted(client)) {
                return client;
            }
        }
        return client;
    }

    private boolean isTrusted(InetAddress address) {
        return !networks.isEmpty()
                && networks.stream().anyMatch(network -> network.matches(new InetSocketAddress(address, 0)));
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address of " + bytes.length + " bytes (expected: 4 or 16)", e);
        }
    }

    private static IpSubnetFilterRule network(String text) {
        try {
            String[] parts = text.split("/", 2);
            byte[] bytes = NetUtil.createByteArrayFromIpAddressString(parts[0]);
            if (bytes == null) {
                throw new IllegalArgumentException("not an address");
            }
            int prefix = parts.length == 1 ? bytes.length * 8 : Integer.parseInt(parts[1]);
            return new IpSubnetFilterRule(address(bytes), prefix, IpFilterRuleType.ACCEPT);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "SLIPWAY_TRUSTED_PROXIES: " + text.toLowerCase(Locale.ROOT)
                            + " (expected: addresses or networks like 10.0.0.0/8, with a comma between two)",
                    e);
        }
    }

    private static String shortened(String text) {
        return text.length() <= USER_AGENT_MAX ? text : text.substring(0, USER_AGENT_MAX);
    }
}
