package dev.slipway.credential.store;

import dev.slipway.credential.provider.Placement;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.provider.Target;
import dev.slipway.kit.problem.ProblemException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks what a user says about where a secret goes. */
final class Targets {
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern HOST = Pattern.compile(
            "(" + LABEL + "(\\." + LABEL + ")*|\\*\\." + LABEL + "(\\." + LABEL + ")+)(:[1-9][0-9]{0,4})?");
    private static final int HOST_MAX = 253;

    /** Hosts that mean a part of Slipway to a sandbox. */
    private static final String RESERVED_HOSTS = ".slipway.internal";

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
    private static final Pattern PATH = Pattern.compile("/[!-~&&[^?#\\\\;%]]{0,500}");
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]{1,512}");

    /** Headers that say where a message ends or where it goes: a secret in them would break the connection. */
    private static final Set<String> RESERVED_HEADERS = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "proxy-authorization",
            "proxy-authenticate",
            "proxy-connection");

    private Targets() {}

    static Target of(Provider kind, NewCredential sent) {
        boolean oneHost = kind == Provider.GITHUB_COPILOT || kind == Provider.SSH;
        if (oneHost && sent.host() != null && sent.host().strip().startsWith("*")) {
            throw ProblemException.unprocessable("host", "not one host (expected: for example git.example.com)");
        }
        return switch (kind.freedom()) {
            case NONE -> Target.NONE;
            case HOST -> Target.at(sent.host() == null ? null : host(sent.host()));
            case OWN_HOST -> Target.at(host(sent.host()));
            case LOGIN -> placed(host(sent.host()), path(sent.pathPrefix()), "basic", user(sent.username()), null);
            case PLACE -> custom(sent);
        };
    }

    private static Target custom(NewCredential sent) {
        String host = host(sent.host());
        int places =
                (sent.header() == null ? 0 : 1) + (sent.query() == null ? 0 : 1) + (sent.username() == null ? 0 : 1);
        if (places != 1) {
            throw ProblemException.invalid(
                    "header", places + " places given (expected: one of header, query and username)");
        }
        String path = path(sent.pathPrefix());
        if (sent.username() != null) {
            return placed(host, path, "basic", user(sent.username()), null);
        }
        String template = template(sent.template());
        return sent.query() != null
                ? placed(host, path, "query", token("query", sent.query()), template)
                : placed(host, path, "header", header(sent.header()), template);
    }

    private static Target placed(
            String host, @Nullable String path, String place, String name, @Nullable String template) {
        return new Target(host, path, place, name, template, null);
    }

    /** Whether the proxy could compare it with a request's path without doubt. */
    static boolean isPath(String sent) {
        return PATH.matcher(sent).matches() && !sent.contains("/.") && !sent.contains("//");
    }

    private static String host(@Nullable String sent) {
        if (sent == null || sent.isBlank()) {
            throw ProblemException.invalid("host", "missing (expected: the host that the secret is for)");
        }
        String host = sent.strip().toLowerCase(Locale.ROOT);
        if (host.length() > HOST_MAX || !HOST.matcher(host).matches()) {
            throw ProblemException.unprocessable(
                    "host", "not a host (expected: api.example.com, *.example.com or host:port; no scheme, no path)");
        }
        if (("." + host.replaceFirst(":.*", "")).endsWith(RESERVED_HOSTS)) {
            throw ProblemException.unprocessable("host", "belongs to Slipway itself (expected: a host outside of it)");
        }
        return host;
    }

    private static @Nullable String path(@Nullable String sent) {
        if (sent == null || sent.isBlank()) {
            return null;
        }
        if (!isPath(sent)) {
            throw ProblemException.unprocessable(
                    "pathPrefix", "not a path (expected: a slash first, nothing encoded, no . or .. in it)");
        }
        return sent;
    }

    private static String header(@Nullable String sent) {
        String header = token("header", sent);
        if (RESERVED_HEADERS.contains(header.toLowerCase(Locale.ROOT))) {
            throw ProblemException.unprocessable(
                    "header", header + " belongs to the connection (expected: another one)");
        }
        return header;
    }

    private static String token(String field, @Nullable String sent) {
        if (sent == null || !TOKEN.matcher(sent).matches()) {
            throw ProblemException.unprocessable(
                    field, "not a name (expected: 1 to 128 letters, digits and hyphens, as RFC 9110 has it)");
        }
        return sent;
    }

    private static String user(@Nullable String sent) {
        if (sent == null || sent.isBlank()) {
            throw ProblemException.invalid("username", "missing (expected: the user of HTTP Basic)");
        }
        if (!PRINTABLE.matcher(sent).matches() || sent.contains(":")) {
            throw ProblemException.unprocessable("username", "not a user name (expected: printable ASCII, no colon)");
        }
        return sent;
    }

    private static @Nullable String template(@Nullable String sent) {
        if (sent == null || sent.isBlank()) {
            return null;
        }
        if (!PRINTABLE.matcher(sent).matches() || !sent.contains(Placement.SECRET)) {
            throw ProblemException.unprocessable(
                    "template", "no place for the secret (expected: for example Bearer " + Placement.SECRET + ")");
        }
        return sent;
    }
}
