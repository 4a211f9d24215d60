package dev.slipway.credential.oauth;

import dev.slipway.kit.problem.ProblemException;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * At which hosts a user may sign in beside the usual one. Whoever could name any host could have this service call any; so an
 * operator lists them, exact or as {@code *.ghe.com}.
 */
@Singleton
final class EnterpriseDomains {
    private static final Pattern HOST =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+");

    private final List<String> allowed;

    EnterpriseDomains(@Value("${slipway.credential.enterprise-domains:}") String allowed) {
        this.allowed = Pattern.compile(",")
                .splitAsStream(allowed)
                .map(each -> each.strip().toLowerCase(Locale.ROOT))
                .filter(each -> !each.isEmpty())
                .toList();
    }

    /** The host of what a user wrote, with or without a scheme; null for the usual one, 422 if it is not allowed. */
    @Nullable
    String host(@Nullable String written) {
        if (written == null || written.isBlank()) {
            return null;
        }
        String host = written.strip()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("^https://", "")
                .replaceFirst("/$", "");
        if (host.equals("github.com")) {
            return null;
        }
        if (!HOST.matcher(host).matches() || allowed.stream().noneMatch(each -> covers(each, host))) {
            throw ProblemException.unprocessable(
                    "enterpriseUrl",
                    "not an allowed domain (expected: one of slipway.credential.enterprise-domains,"
                            + " SLIPWAY_OAUTH_ENTERPRISE_DOMAINS, which an operator sets)");
        }
        return host;
    }

    private static boolean covers(String pattern, String host) {
        return pattern.startsWith("*.") ? host.endsWith(pattern.substring(1)) : host.equals(pattern);
    }
}
