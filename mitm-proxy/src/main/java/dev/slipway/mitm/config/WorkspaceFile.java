package dev.slipway.mitm.config;

import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.mitm.inject.RuleSet;
import dev.slipway.mitm.policy.HostPattern;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a workspace's own file says: {@code .slipway/proxy.yaml} or {@code .octobot/proxy/config.yaml}.
 *
 * @param allowlist the only hosts, of those that the session may reach; or, once approved, further ones
 * @param headers for requests to a host; only once approved
 * @param ignored keys that a workspace cannot set, approved or not
 */
public record WorkspaceFile(
        String sha256, Optional<AllowList> allowlist, Map<String, HeaderRule> headers, List<String> ignored) {
    private static final Set<String> KNOWN =
            Set.of("allowlist", "headers", "cache", "logging", "upstreams", "trustedCaFile", "passThrough");

    /**
     * Reads the file.
     *
     * @throws MalformedConfig with the place of the first mistake
     */
    public static WorkspaceFile parse(String text) {
        Map<String, ConfigNode> fields = ConfigNode.parse(text).fields(KNOWN);
        return new WorkspaceFile(
                digest(text),
                ConfigNode.field(fields, "allowlist").map(AllowList::of),
                ConfigNode.field(fields, "headers").map(HeaderRule::all).orElse(Map.of()),
                fields.keySet().stream()
                        .filter(name -> !name.equals("allowlist") && !name.equals("headers"))
                        .sorted()
                        .toList());
    }

    /** The hosts that the file confines the session to, if it does. */
    public Optional<List<HostPattern>> narrowing() {
        return allowlist.filter(AllowList::enabled).map(AllowList::patterns);
    }

    /** The rules for the headers that the file sets. */
    public RuleSet headerRules() {
        return RuleSet.of(new InjectionRules(
                0,
                headers.entrySet().stream()
                        .flatMap(entry -> entry.getValue().rules(entry.getKey()).stream())
                        .toList()));
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
