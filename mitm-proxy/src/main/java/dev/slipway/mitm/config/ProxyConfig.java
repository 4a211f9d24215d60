package dev.slipway.mitm.config;

import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.mitm.inject.RuleSet;
import dev.slipway.mitm.policy.HostPattern;
import dev.slipway.mitm.wire.OperatorTerms;
import dev.slipway.mitm.wire.UpstreamMap;
import io.micronaut.serde.annotation.Serdeable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The operator's configuration, on top of the settings of the process.
 *
 * @param allowlist hosts that every session may reach; {@code enabled} false takes the list out of force
 * @param headers put on requests to a host pattern, before the credentials are
 * @param passThrough host patterns whose TLS is not intercepted
 * @param upstreams {@code host: url}: where a host's traffic goes instead
 */
@Serdeable
public record ProxyConfig(
        AllowList allowlist,
        Map<String, HeaderRule> headers,
        List<String> passThrough,
        Map<String, String> upstreams,
        Logging logging) {
    private static final Set<String> KEYS = Set.of("allowlist", "headers", "passThrough", "upstreams", "logging");

    /** The configuration of a proxy whose operator wrote none. */
    public static final ProxyConfig EMPTY = parse("{}");

    /** What the egress log holds: {@code paths} false leaves the paths of requests out. */
    @Serdeable
    public record Logging(boolean paths) {}

    public ProxyConfig {
        headers = Map.copyOf(headers);
        passThrough = List.copyOf(passThrough);
        upstreams = Map.copyOf(upstreams);
    }

    /**
     * Reads YAML or JSON.
     *
     * @throws MalformedConfig with the place of the first mistake
     */
    public static ProxyConfig parse(String text) {
        Map<String, ConfigNode> fields = ConfigNode.parse(text).fields(KEYS);
        Map<String, String> upstreams = new LinkedHashMap<>();
        ConfigNode.field(fields, "upstreams")
                .ifPresent(node -> node.entries().forEach((host, url) -> {
                    upstreams.put(host, url.text());
                    check(url.path(), host, url.text());
                }));
        return new ProxyConfig(
                ConfigNode.field(fields, "allowlist")
                        .map(AllowList::of)
                        .orElse(new AllowList(true, List.of(), List.of())),
                ConfigNode.field(fields, "headers").map(HeaderRule::all).orElse(Map.of()),
                AllowList.patterns(fields, "passThrough"),
                upstreams,
                new Logging(ConfigNode.field(fields, "logging")
                        .flatMap(node -> ConfigNode.field(node.fields(Set.of("paths")), "paths"))
                        .map(ConfigNode::flag)
                        .orElse(true)));
    }

    private static void check(String path, String host, String url) {
        try {
            UpstreamMap.parse(host + "=" + url);
        } catch (IllegalArgumentException e) {
            throw new MalformedConfig(path, String.valueOf(e.getMessage()));
        }
    }

    /** What the data path is to know, the settings of the process included. */
    OperatorTerms terms(UpstreamMap settings, List<String> settingsPassThrough) {
        Map<String, UpstreamMap.Elsewhere> all = new LinkedHashMap<>(settings.byHost());
        all.putAll(UpstreamMap.parse(upstreams.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(",")))
                .byHost());
        List<HostPattern> passing = java.util.stream.Stream.concat(settingsPassThrough.stream(), passThrough.stream())
                .map(HostPattern::parse)
                .toList();
        return new OperatorTerms(new UpstreamMap(all), passing, headerRules(), logging.paths);
    }

    private RuleSet headerRules() {
        return RuleSet.of(new InjectionRules(
                0,
                headers.entrySet().stream()
                        .flatMap(entry -> entry.getValue().rules(entry.getKey()).stream())
                        .toList()));
    }
}
