package dev.slipway.gateway.events;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How viewers are treated ({@code slipway.events}).
 *
 * @param heartbeat how often a stream shows that it lives; API.md promises 10 s at most
 * @param stalled how long a viewer may take nothing until it is cut, seen at the next heartbeat, and how much longer it may then take
 *     to fetch the last event
 */
@ConfigurationProperties("slipway.events")
record EventSettings(
        @Bindable(defaultValue = "8s") Duration heartbeat,
        @Bindable(defaultValue = "30s") Duration stalled) {
    private static final Duration HEARTBEAT_MAX = Duration.ofSeconds(10);

    EventSettings {
        if (!heartbeat.isPositive() || heartbeat.compareTo(HEARTBEAT_MAX) > 0 || !stalled.isPositive()) {
            throw new IllegalArgumentException("slipway.events: heartbeat " + heartbeat + ", stalled " + stalled
                    + " (expected: a heartbeat of 10s at most, both > 0s)");
        }
    }
}
