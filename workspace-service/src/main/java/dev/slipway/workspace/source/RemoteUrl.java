package dev.slipway.workspace.source;

import dev.slipway.kit.problem.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address that may be cloned: {@code https://host/path}, {@code ssh://user@host/path}, {@code user@host:path}, or
 * {@code file:///path} under the allowlist. Without a password, query or fragment, and without a user name but for ssh, where it is
 * a name only: keys belong to credential-service, not into addresses that are shown and logged.
 *
 * @param text in its canonical form, by which workspaces of the same repository are recognised
 * @param scheme {@code https}, {@code ssh} or {@code file}, the one transport that git may use for it
 */
public record RemoteUrl(String text, String scheme) {
    private static final int LENGTH_MAX = 2_000;
    private static final int SSH_PORT = 22;
    private static final int HTTPS_PORT = 443;
    private static final String EXPECTED = "expected: https://host/path, ssh://user@host/path or user@host:path";
    private static final Pattern SCP = Pattern.compile("([^@/:]+)@([^:/@]+):(?!//)(.+)");
    private static final Pattern SSH_USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
    private static final Pattern SSH_HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final Pattern SSH_PATH = Pattern.compile("[A-Za-z0-9._~/+@%][A-Za-z0-9._~/+@%-]*");

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
        Matcher scp = SCP.matcher(text);
        if (scp.matches()) {
            mustBeSsh(scp.group(1), scp.group(2), scp.group(3));
            return new RemoteUrl(
                    scp.group(1) + "@" + scp.group(2).toLowerCase(Locale.ROOT) + ":" + scp.group(3), "ssh");
        }
        URI uri = parse(text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (scheme.equals("ssh")) {
            return ssh(uri);
        }
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
                throw ProblemException.invalid("path", "this kind of address cannot be cloned (" + EXPECTED + ")");
        };
    }

    /** The host; empty for a file. */
    public String host() {
        Matcher scp = SCP.matcher(text);
        if (scp.matches()) {
            return scp.group(2);
        }
        String host = URI.create(text).getHost();
        return host == null ? "" : host;
    }

    /** The path on the host, without slashes at its ends and without {@code .git}: how hosting sites name a repository. */
    public String repositoryName() {
        Matcher scp = SCP.matcher(text);
        String path = scp.matches() ? scp.group(3) : URI.create(text).getPath();
        return path.replaceAll("^/+|/+$", "").replaceAll("\\.git$", "");
    }

    /** The port, the scheme's own if none is said. */
    public int port() {
        if (SCP.matcher(text).matches()) {
            return SSH_PORT;
        }
        int port = URI.create(text).getPort();
        return port >= 0 ? port : scheme.equals("ssh") ? SSH_PORT : HTTPS_PORT;
    }

    private static RemoteUrl ssh(URI uri) {
        String user = uri.getRawUserInfo();
        String host = uri.getHost();
        if (user == null || host == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw ProblemException.invalid("path", "not an ssh address (expected: ssh://user@host/path)");
        }
        mustBeSsh(user, host, uri.getRawPath() == null ? "" : uri.getRawPath());
        String port = uri.getPort() < 0 || uri.getPort() == SSH_PORT ? "" : ":" + uri.getPort();
        return new RemoteUrl("ssh://" + user + "@" + host.toLowerCase(Locale.ROOT) + port + uri.getRawPath(), "ssh");
    }

    /** Only what cannot mean anything else to ssh, or to the shell at the other side. */
    private static void mustBeSsh(String user, String host, String path) {
        if (user.contains(":")) {
            throw ProblemException.invalid(
                    "path", "the address holds a secret (expected: none; store it under credentials)");
        }
        boolean odd = !SSH_USER.matcher(user).matches()
                || !SSH_HOST.matcher(host).matches()
                || !SSH_PATH.matcher(path).matches()
                || ("/" + path + "/").contains("/../")
                || path.equals("/");
        if (odd) {
            throw ProblemException.invalid("path", "not an ssh address (expected: ssh://user@host/path)");
        }
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
        return of(folders.remote(uri.getPath()));
    }

    /** A folder, whatever its name: git decodes the address once, as the folder was judged. */
    private static RemoteUrl of(Path folder) {
        String path = folder.toUri().getRawPath();
        return new RemoteUrl(
                "file://" + (path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path),
                "file");
    }

    private static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException _) {
            throw ProblemException.invalid("path", "not an address (expected: https://host/path)");
        }
    }
}
