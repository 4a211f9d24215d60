package dev.slipway.mitm.inject;

import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.mitm.address.HostPort;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Puts the credentials that are owed to one host and path on a request, and takes away what a sandbox holds in their place. To be called
 * only for a request whose connection verified, or is going to verify, that host by TLS.
 */
public final class Injection {
    private record Level(int exactness, int pathLength, boolean personal) {}

    private Injection() {}

    /**
     * Applies the winning rule for each header and query parameter, of those that are meant for the subject.
     *
     * @return ids of the credentials that were put on the request
     * @throws AmbiguousRules if two different rules are equally exact: then neither can be trusted to be the right one
     */
    public static List<String> apply(RuleSet rules, RuleSubject subject, HttpRequest request, HostPort target) {
        if (!rules.mayMean(target)) {
            return List.of();
        }
        String path = pathOf(request.uri());
        Map<String, InjectionRule> winners = new LinkedHashMap<>();
        Map<String, Level> levels = new HashMap<>();
        HttpHeaders headers = request.headers();
        rules.candidatesFor(target, path).forEach(candidate -> {
            InjectionRule rule = candidate.rule();
            if (!subject.mayUse(rule, request.method().name()) || !holds(rule, headers)) {
                return;
            }
            String key = placeOf(rule);
            Level level = new Level(candidate.host().exactness(), candidate.pathLength(), candidate.personal());
            InjectionRule winner = winners.putIfAbsent(key, rule);
            if (winner == null) {
                levels.put(key, level);
            } else if (level.equals(levels.get(key)) && !sameEffect(winner, rule)) {
                throw new AmbiguousRules(winner.id(), rule.id());
            }
        });
        winners.values().forEach(rule -> perform(rule, request));
        return winners.values().stream()
                .map(InjectionRule::credentialId)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private static boolean holds(InjectionRule rule, HttpHeaders headers) {
        return rule.conditions().stream().allMatch(condition -> {
            List<String> values = headers.getAll(condition.header());
            return values.size() == 1 && values.getFirst().equals(condition.equals());
        });
    }

    private static String placeOf(InjectionRule rule) {
        return switch (rule.action()) {
            case "query" -> "query " + rule.name();
            case "basic" -> "authorization";
            default -> rule.name().toLowerCase(Locale.ROOT);
        };
    }

    private static boolean sameEffect(InjectionRule one, InjectionRule other) {
        return one.action().equals(other.action())
                && one.name().equalsIgnoreCase(other.name())
                && one.value().equals(other.value());
    }

    private static void perform(InjectionRule rule, HttpRequest request) {
        HttpHeaders headers = request.headers();
        switch (rule.action()) {
            case "set" -> headers.set(rule.name(), rule.value());
            case "append" -> {
                String present = Placeholder.hides(headers.get(rule.name())) ? null : headers.get(rule.name());
                headers.set(rule.name(), present == null ? rule.value() : present + ", " + rule.value());
            }
            case "remove" -> headers.remove(rule.name());
            case "basic" -> headers.set(HttpHeaderNames.AUTHORIZATION, basic(rule.name(), rule.value()));
            case "query" -> request.setUri(withParameter(request.uri(), rule.name(), rule.value()));
            default -> throw new AmbiguousRules(rule.id(), "an action that the proxy does not know");
        }
    }

    private static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static String withParameter(String uri, String name, String value) {
        String rest = Query.without(uri, parameter -> parameter.name().equals(name));
        return rest + (rest.indexOf('?') < 0 ? "?" : "&") + URLEncoder.encode(name, StandardCharsets.UTF_8) + "="
                + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String pathOf(String uri) {
        int end = uri.indexOf('?');
        return end < 0 ? uri : uri.substring(0, end);
    }

    /** Two rules fit a request equally well and differ; the message names their ids, which are no secret. */
    public static final class AmbiguousRules extends IllegalStateException {
        private static final long serialVersionUID = 1;

        AmbiguousRules(String one, String other) {
            super("credential rules " + one + " and " + other + " fit this request equally well");
        }
    }
}
