package dev.slipway.mitm.config;

import dev.slipway.mitm.address.MalformedHost;
import dev.slipway.mitm.policy.HostPattern;
import io.micronaut.serde.annotation.Serdeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Hosts that may be reached.
 *
 * @param domains host patterns
 * @param ips addresses and CIDR blocks
 */
@Serdeable
public record AllowList(boolean enabled, List<String> domains, List<String> ips) {
    private static final int PATTERNS_MAX = 2_000;

    public AllowList {
        domains = List.copyOf(domains);
        ips = List.copyOf(ips);
    }

    static AllowList of(ConfigNode node) {
        Map<String, ConfigNode> fields = node.fields(Set.of("enabled", "domains", "ips"));
        return new AllowList(
                ConfigNode.field(fields, "enabled").map(ConfigNode::flag).orElse(true),
                patterns(fields, "domains"),
                patterns(fields, "ips"));
    }

    /** Both lists. */
    public List<HostPattern> patterns() {
        return Stream.concat(domains.stream(), ips.stream())
                .map(HostPattern::parse)
                .toList();
    }

    static List<String> patterns(Map<String, ConfigNode> fields, String name) {
        List<String> found = new ArrayList<>();
        ConfigNode.field(fields, name).ifPresent(node -> node.items().forEach(item -> found.add(pattern(item))));
        if (found.size() > PATTERNS_MAX) {
            throw new MalformedConfig(name, found.size() + " patterns (expected: at most " + PATTERNS_MAX + ")");
        }
        return found;
    }

    private static String pattern(ConfigNode item) {
        try {
            HostPattern.parse(item.text());
            return item.text().strip();
        } catch (MalformedHost malformed) {
            throw new MalformedConfig(item.path(), String.valueOf(malformed.getMessage()));
        }
    }
}
