package dev.slipway.mitm.inject;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.MalformedHost;
import dev.slipway.mitm.policy.HostPattern;
import java.net.URLEncoder;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rules of one project in the order in which they win: exact host before wildcard before {@code *}, longer path before shorter, a
 * person's before the project's, then by id. The order does not depend on the order in which the rules were stored.
 */
public record RuleSet(long version, List<Candidate> candidates, List<String> secrets) {
    /** Shorter values are no secrets that anybody could guess from a log with gaps, and would tear ordinary words apart. */
    private static final int SECRET_LENGTH_MIN = 8;

    /** A rule whose host could be read. */
    record Candidate(InjectionRule rule, HostPattern host) {
        int pathLength() {
            String prefix = rule.pathPrefix();
            return prefix == null ? 0 : prefix.length();
        }

        boolean personal() {
            return rule.scope().userId() != null;
        }
    }

    private static final Comparator<Candidate> EXACT_FIRST = Comparator.comparingInt(
                    (Candidate candidate) -> candidate.host.exactness())
            .thenComparingInt(Candidate::pathLength)
            .thenComparing(Candidate::personal)
            .reversed()
            .thenComparing(candidate -> candidate.rule.id());

    /** Sorts the rules; one whose host is no pattern is left out, since it could mean any host. */
    public static RuleSet of(InjectionRules rules) {
        return new RuleSet(
                rules.version(),
                rules.rules().stream()
                        .flatMap(RuleSet::readable)
                        .sorted(EXACT_FIRST)
                        .toList(),
                rules.rules().stream()
                        .flatMap(RuleSet::secretsOf)
                        .filter(secret -> secret.length() >= SECRET_LENGTH_MIN)
                        .distinct()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList());
    }

    @Override
    public String toString() {
        return "RuleSet[version=" + version + ", rules=" + candidates.size() + "]";
    }

    /** A value as it stands, without the scheme before it ({@code Bearer …}), and as a path would spell it. */
    private static Stream<String> secretsOf(InjectionRule rule) {
        String value = rule.value();
        String bare = value.substring(value.lastIndexOf(' ') + 1);
        return Stream.of(value, bare).flatMap(secret -> Stream.of(secret, URLEncoder.encode(secret, UTF_8)));
    }

    /**
     * The text with {@code …} for each credential of the project in it, which a server may have sent back to be asked for. Of one that
     * is longer than what is wanted, the rest is not even looked at.
     */
    public String withoutSecrets(String text, int lengthWanted) {
        int longest = secrets.isEmpty() ? 0 : secrets.getFirst().length();
        boolean cut = text.length() > lengthWanted + longest;
        String shown = cut ? text.substring(0, lengthWanted + longest) : text;
        for (String secret : secrets) {
            if (shown.contains(secret)) {
                shown = shown.replace(secret, "…");
            }
        }
        // The cut may have gone through a credential, whose first half would not be found.
        return cut ? shown.substring(0, Math.max(0, shown.length() - longest)) + "…" : shown;
    }

    private static Stream<Candidate> readable(InjectionRule rule) {
        try {
            return Stream.of(new Candidate(rule, HostPattern.parse(rule.host())));
        } catch (MalformedHost unreadable) {
            return Stream.empty();
        }
    }

    /** Whether any rule is meant for the target, whatever the path; the first question for each request. */
    boolean mayMean(HostPort target) {
        for (Candidate candidate : candidates) {
            if (candidate.host.matches(target)) {
                return true;
            }
        }
        return false;
    }

    /** The rules for a target and a path, the winner first. Conditions are not looked at here. */
    Stream<Candidate> candidatesFor(HostPort target, String path) {
        return candidates.stream()
                .filter(candidate -> candidate.host.matches(target))
                .filter(candidate -> covers(Optional.ofNullable(candidate.rule.pathPrefix()), path));
    }

    /**
     * Whether a server may take the path for another one than it looks like: then no rule with a prefix covers it, or a sandbox could
     * have a key put on a request for elsewhere on the same host.
     */
    private static boolean readInTwoWays(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.contains("/.")
                || lower.contains("//")
                || lower.contains("%2e")
                || lower.contains("%2f")
                || lower.contains("%5c")
                || lower.contains("%00")
                || lower.indexOf('\\') >= 0
                || lower.indexOf(';') >= 0;
    }

    /** {@code /v1} covers {@code /v1}, {@code /v1/x} and {@code /v1?x}, not {@code /v10}. */
    private static boolean covers(Optional<String> prefix, String path) {
        if (prefix.isEmpty() || prefix.get().isEmpty() || prefix.get().equals("/")) {
            return true;
        }
        String wanted = prefix.get();
        return !readInTwoWays(path)
                && path.startsWith(wanted)
                && (wanted.endsWith("/") || path.length() == wanted.length() || path.charAt(wanted.length()) == '/');
    }
}
