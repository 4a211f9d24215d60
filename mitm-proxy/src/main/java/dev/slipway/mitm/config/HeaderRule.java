package dev.slipway.mitm.config;

import dev.slipway.contracts.credential.Condition;
import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.mitm.address.MalformedHost;
import dev.slipway.mitm.inject.RuleSubject;
import dev.slipway.mitm.policy.HostPattern;
import io.micronaut.serde.annotation.Serdeable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Headers for the requests to a host, by name. Values are no place for secrets: those belong to credentials. */
@Serdeable
public record HeaderRule(List<HeaderCondition> conditions, Map<String, String> set, Map<String, String> append) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Set<String> OURS = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "upgrade",
            "te",
            "trailer",
            "proxy-authorization",
            "x-slipway-identity");

    /** A header that the request must have with just this value. */
    @Serdeable
    public record HeaderCondition(String header, String equals) {}

    public HeaderRule {
        conditions = List.copyOf(conditions);
        set = Map.copyOf(set);
        append = Map.copyOf(append);
    }

    static Map<String, HeaderRule> all(ConfigNode node) {
        Map<String, HeaderRule> rules = new LinkedHashMap<>();
        node.entries().forEach((host, rule) -> {
            try {
                HostPattern.parse(host);
            } catch (MalformedHost malformed) {
                throw new MalformedConfig(rule.path(), String.valueOf(malformed.getMessage()));
            }
            rules.put(host, of(rule));
        });
        return rules;
    }

    private static HeaderRule of(ConfigNode node) {
        Map<String, ConfigNode> fields = node.fields(Set.of("conditions", "set", "append"));
        List<HeaderCondition> conditions = new ArrayList<>();
        ConfigNode.field(fields, "conditions")
                .ifPresent(list -> list.items().forEach(item -> {
                    Map<String, ConfigNode> condition = item.fields(Set.of("header", "equals"));
                    conditions.add(new HeaderCondition(
                            required(item, condition, "header"), required(item, condition, "equals")));
                }));
        return new HeaderRule(conditions, headers(fields, "set"), headers(fields, "append"));
    }

    private static Map<String, String> headers(Map<String, ConfigNode> fields, String name) {
        Map<String, String> headers = new LinkedHashMap<>();
        ConfigNode.field(fields, name)
                .ifPresent(node -> node.entries().forEach((header, value) -> {
                    if (!NAME.matcher(header).matches() || OURS.contains(header.toLowerCase(java.util.Locale.ROOT))) {
                        throw new MalformedConfig(value.path(), "not a header that may be set");
                    }
                    if (!value.text().chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f))) {
                        throw new MalformedConfig(value.path(), "a character that no header has");
                    }
                    headers.put(header, value.text());
                }));
        return headers;
    }

    private static String required(ConfigNode node, Map<String, ConfigNode> fields, String name) {
        return ConfigNode.field(fields, name)
                .orElseThrow(() -> new MalformedConfig(node.path(), "no " + name))
                .text();
    }

    List<InjectionRule> rules(String host) {
        List<Condition> wanted = conditions.stream()
                .map(condition -> new Condition(condition.header, condition.equals))
                .toList();
        List<InjectionRule> rules = new ArrayList<>();
        set.forEach((name, value) -> rules.add(rule(host, "set", name, value, wanted)));
        append.forEach((name, value) -> rules.add(rule(host, "append", name, value, wanted)));
        return rules;
    }

    private static InjectionRule rule(
            String host, String action, String name, String value, List<Condition> conditions) {
        return new InjectionRule(
                "config:" + host + ":" + name, RuleSubject.OPERATOR, host, null, action, name, value, conditions);
    }
}
