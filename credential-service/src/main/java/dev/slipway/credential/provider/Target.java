package dev.slipway.credential.provider;

import org.jspecify.annotations.Nullable;

/**
 * What a user says about where a secret goes, as far as the provider leaves it open.
 *
 * @param place {@code header}, {@code query} or {@code basic}; null where the provider knows it
 * @param placeName the header's or parameter's name, or the user of Basic; with {@code place}
 * @param template holds {@link Placement#SECRET}; null for the secret alone
 * @param account the account at the provider that a token belongs to; null where nobody asks for it
 */
public record Target(
        @Nullable String host,
        @Nullable String pathPrefix,
        @Nullable String place,
        @Nullable String placeName,
        @Nullable String template,
        @Nullable String account) {
    /** Nothing said. */
    public static final Target NONE = new Target(null, null, null, null, null, null);

    /** A host and nothing else; null for the usual one. */
    public static Target at(@Nullable String host) {
        return new Target(host, null, null, null, null, null);
    }

    /** The same for this account. */
    public Target withAccount(@Nullable String newAccount) {
        return new Target(host, pathPrefix, place, placeName, template, newAccount);
    }

    String hostOr(String usual) {
        return host == null ? usual : host;
    }

    /** The placement that was asked for; only where one was. */
    Placement placement() {
        String name = placeName == null ? "" : placeName;
        String text = template == null ? Placement.SECRET : template;
        return switch (place == null ? "" : place) {
            case "header" -> new Placement.Header(name, text);
            case "query" -> new Placement.Query(name, text);
            case "basic" -> new Placement.Basic(name);
            default -> throw new IllegalStateException("place: " + place + " (expected: header, query or basic)");
        };
    }
}
