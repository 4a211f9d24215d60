package dev.slipway.devstack.postgres;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is and as whom to enter it.
 *
 * @param parameters connection parameters such as {@code sslmode}, without user and password
 */
public record DatabaseAddress(
        String host, int port, String database, String user, String password, Map<String, String> parameters) {
    private static final int DEFAULT_PORT = 5432;

    public DatabaseAddress {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Reads {@code postgres://user:password@host:port/database?sslmode=…}, {@code postgresql://…} or
     * {@code jdbc:postgresql://host:port/database?user=…&password=…}.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it; never holds the password
     */
    public static DatabaseAddress parse(String text) {
        String plain = text.strip();
        if (plain.startsWith("jdbc:")) {
            plain = plain.substring("jdbc:".length());
        }
        URI uri = uri(plain);
        Map<String, String> parameters = parameters(uri.getRawQuery());
        String[] login = uri.getRawUserInfo() == null
                ? new String[0]
                : uri.getRawUserInfo().split(":", 2);
        String user = login.length > 0 ? decode(login[0]) : parameters.getOrDefault("user", "");
        String password = login.length > 1 ? decode(login[1]) : parameters.getOrDefault("password", "");
        String database = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        if (uri.getHost() == null || database.isEmpty() || user.isEmpty()) {
            throw new IllegalArgumentException("The database's URL lacks its "
                    + (uri.getHost() == null ? "host" : database.isEmpty() ? "database" : "user")
                    + " (expected: postgres://user:password@host:5432/database).");
        }
        parameters.remove("user");
        parameters.remove("password");
        int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
        return new DatabaseAddress(uri.getHost(), port, database, user, password, parameters);
    }

    /** The same server and database for another user. */
    public DatabaseAddress as(String otherUser, String otherPassword) {
        return new DatabaseAddress(host, port, database, otherUser, otherPassword, parameters);
    }

    /** A JDBC URL without user and password; unqualified names are looked up in that schema alone. */
    public String jdbcUrl(String schema) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.put("currentSchema", schema);
        return jdbcUrl(all);
    }

    /** A JDBC URL without user and password. */
    public String jdbcUrl() {
        return jdbcUrl(new TreeMap<>(parameters));
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + database;
    }

    private String jdbcUrl(Map<String, String> all) {
        StringBuilder url = new StringBuilder("jdbc:postgresql://" + host + ":" + port + "/" + encode(database));
        char separator = '?';
        for (Map.Entry<String, String> parameter : all.entrySet()) {
            url.append(separator).append(parameter.getKey()).append('=').append(encode(parameter.getValue()));
            separator = '&';
        }
        return url.toString();
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (!scheme.equals("postgres") && !scheme.equals("postgresql")) {
                throw new IllegalArgumentException("The database's URL starts with " + scheme
                        + ": (expected: postgres:// or jdbc:postgresql://).");
            }
            return uri;
        } catch (URISyntaxException e) {
            // Its message would repeat the text, and so the password.
            throw new IllegalArgumentException("The database's URL is malformed at character " + e.getIndex()
                    + " (special characters in a password are written as %XX).");
        }
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                if (!parts[0].isEmpty()) {
                    parameters.put(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
                }
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
