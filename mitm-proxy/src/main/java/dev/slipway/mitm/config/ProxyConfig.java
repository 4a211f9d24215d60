package dev.slipway.mitm.config;

import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.mitm.address.MalformedHost;
import dev.slipway.mitm.cache.CacheTerms;
import dev.slipway.mitm.inject.RuleSet;
import dev.slipway.mitm.policy.HostPattern;
import dev.slipway.mitm.wire.OperatorTerms;
import dev.slipway.mitm.wire.UpstreamMap;
import io.micronaut.serde.annotation.Serdeable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The operator's configuration, on top of the settings of the process.
 *
 * @param allowlist hosts that every session may reach; {@code enabled} false takes the list out of force
 * @param headers put on requests to a host pattern, before the credentials are
 * @param passThrough host patterns whose TLS is not intercepted
 * @param cache of bodies that never change: whether it is used, how large it may become and what else belongs in it
 * @param upstreams {@code host: url}: where a host's traffic goes instead
 */
@Serdeable
public record ProxyConfig(
        AllowList allowlist,
        Map<String, HeaderRule> headers,
        List<String> passThrough,
        Map<String, String> upstreams,
        Logging logging,
        Cache cache) {
    private static final Set<String> KEYS =
            Set.of("allowlist", "headers", "passThrough", "upstreams", "logging", "cache");

    /** The configuration of a proxy whose operator wrote none. */
    public static final ProxyConfig EMPTY = parse("{}");

    /** What the egress log holds: {@code paths} false leaves the paths of requests out. */
    @Serdeable
    public record Logging(boolean paths) {}

    /**
     * @param maxSize such as {@code 20GB}; blank leaves it to the settings of the process
     * @param patterns {@code host/path} with stars in the path, whose bodies never change
     */
    @Serdeable
    public record Cache(boolean enabled, String maxSize, List<String> patterns) {
        public Cache {
            patterns = List.copyOf(patterns);
        }

        static Cache of(ConfigNode node) {
            Map<String, ConfigNode> fields = node.fields(Set.of("enabled", "maxSize", "patterns"));
            String maxSize = ConfigNode.field(fields, "maxSize")
                    .map(size -> {
                        if (!size.text().isBlank()
                                && CacheTerms.size(size.text()).isEmpty()) {
                            throw new MalformedConfig(
                                    size.path(), size.text() + " (expected: a size, for example 20GB)");
                        }
                        return size.text();
                    })
                    .orElse("");
            List<String> patterns = new ArrayList<>();
            ConfigNode.field(fields, "patterns")
                    .ifPresent(list -> list.items().forEach(item -> {
                        try {
                            CacheTerms.pattern(item.text());
                            patterns.add(item.text());
                        } catch (MalformedHost malformed) {
                            throw new MalformedConfig(item.path(), String.valueOf(malformed.getMessage()));
                        }
                    }));
            return new Cache(
                    ConfigNode.field(fields, "enabled").map(ConfigNode::flag).orElse(true), maxSize, patterns);
        }

        CacheTerms terms() {
            return new CacheTerms(
                    enabled,
                    CacheTerms.size(maxSize).map(OptionalLong::of).orElseGet(OptionalLong::empty),
                    patterns.stream().map(CacheTerms::pattern).toList());
        }
    }

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
                        .orElse(true)),
                ConfigNode.field(fields, "cache").map(Cache::of).orElse(new Cache(true, "", List.of())));
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
        return new OperatorTerms(new UpstreamMap(all), passing, headerRules(), logging.paths, cache.terms());
    }

    private RuleSet headerRules() {
        return RuleSet.of(new InjectionRules(
                0,
                headers.entrySet().stream()
                        .flatMap(entry -> entry.getValue().rules(entry.getKey()).stream())
                        .toList()));
    }
}
