package dev.slipway.mitm.settings;

import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.MalformedHost;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The data path's TCP port, {@code slipway.proxy.tcp.*}.
 *
 * @param address {@code host:port} to listen on; port 0 takes a free one; blank opens no port
 * @param advertised {@code host:port} under which clients reach it, where that is another one, such as a Kubernetes service
 */
@ConfigurationProperties("slipway.proxy.tcp")
public record TcpSettings(
        @Bindable(defaultValue = "") String address,
        @Bindable(defaultValue = "") String advertised) {
    public TcpSettings {
        if (!address.isBlank()) {
            listening(address);
        }
        if (!advertised.isBlank()) {
            parsed("advertised", advertised);
        }
    }

    /** What to listen on, if anything. */
    public Optional<InetSocketAddress> listen() {
        return address.isBlank() ? Optional.empty() : Optional.of(listening(address));
    }

    /** What clients are told, given the port that is really listened on. */
    public String told(int port) {
        return advertised.isBlank() ? listening(address).getHostString() + ":" + port : advertised.strip();
    }

    private static InetSocketAddress listening(String text) {
        String host = text.strip();
        if (host.endsWith(":0")) {
            return new InetSocketAddress(
                    parsed("address", host.substring(0, host.length() - 1) + "1")
                            .host()
                            .text(),
                    0);
        }
        HostPort hostPort = parsed("address", host);
        return new InetSocketAddress(hostPort.host().text(), hostPort.port());
    }

    private static HostPort parsed(String field, String text) {
        try {
            return HostPort.parse(text.strip(), 0);
        } catch (MalformedHost malformed) {
            throw new IllegalArgumentException(
                    "slipway.proxy.tcp." + field + ": " + text + ": " + malformed.getMessage()
                            + " (expected: host:port)",
                    malformed);
        }
    }
}
