package dev.slipway.workspace.source;

import dev.slipway.kit.problem.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * An address that may be cloned: {@code https://host/path}, or {@code file:///path} under the allowlist. Without a user name,
 * password, query or fragment: keys belong to credential-service, not into addresses that are shown and logged.
 *
 * @param text in its canonical form, by which workspaces of the same repository are recognised
 * @param scheme {@code https} or {@code file}, the one transport that git may use for it
 */
public record RemoteUrl(String text, String scheme) {
    private static final int LENGTH_MAX = 2_000;

    /** Reads an address; 400 or 422 says what is wrong with it. */
    public static RemoteUrl of(String text, LocalFolders folders) {
        if (text.isEmpty()
                || text.length() > LENGTH_MAX
                || text.chars().anyMatch(c -> c <= ' ' || c == 127 || c == '\\')) {
            throw ProblemException.invalid("path", "not an address (expected: https://host/path, without blanks)");
        }
        if (text.startsWith("-") || text.matches("(?s)[A-Za-z0-9+.-]*::.*")) {
            throw ProblemException.invalid("path", "not an address (expected: https://host/path)");
        }
        URI uri = parse(text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getRawUserInfo() != null
                || (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@"))) {
            throw ProblemException.invalid(
                    "path", "the address holds a user name or a secret (expected: none; store it under credentials)");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw ProblemException.invalid(
                    "path", "the address has a query or a fragment (expected: https://host/path)");
        }
        return switch (scheme) {
            case "https" -> https(uri);
            case "file" -> file(uri, folders);
            default ->
                throw ProblemException.invalid(
                        "path", "this kind of address cannot be cloned (expected: https://host/path)");
        };
    }

    /** The host; empty for a file. */
    public String host() {
        String host = URI.create(text).getHost();
        return host == null ? "" : host;
    }

    /** The port, the scheme's own if none is said. */
    public int port() {
        int port = URI.create(text).getPort();
        return port < 0 ? 443 : port;
    }

    private static RemoteUrl https(URI uri) {
        String host = uri.getHost();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        if (host == null || path.length() < 2 || path.contains("/../") || path.endsWith("/..")) {
            throw ProblemException.invalid("path", "not an address (expected: https://host/path)");
        }
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        String port = uri.getPort() < 0 || uri.getPort() == 443 ? "" : ":" + uri.getPort();
        return new RemoteUrl("https://" + host.toLowerCase(Locale.ROOT) + port + trimmed, "https");
    }

    private static RemoteUrl file(URI uri, LocalFolders folders) {
        if (uri.getAuthority() != null || uri.getPath() == null) {
            throw ProblemException.invalid("path", "not an address (expected: file:///path)");
        }
        Path real = folders.existing(uri.getPath());
        return new RemoteUrl("file://" + real, "file");
    }

    private static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException _) {
            throw ProblemException.invalid("path", "not an address (expected: https://host/path)");
        }
    }
}
