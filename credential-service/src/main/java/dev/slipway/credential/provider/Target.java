package dev.slipway.credential.provider;

import org.jspecify.annotations.Nullable;

/**
 * What a user says about where a secret goes, as far as the provider leaves it open.
 *
 * @param place {@code header}, {@code query} or {@code basic}; null where the provider knows it
 * @param placeName the header's or parameter's name, or the user of Basic; with {@code place}
 * @param template holds {@link Placement#SECRET}; null for the secret alone
 */
public record Target(
        @Nullable String host,
        @Nullable String pathPrefix,
        @Nullable String place,
        @Nullable String placeName,
        @Nullable String template) {
    /** Nothing said. */
    public static final Target NONE = new Target(null, null, null, null, null);

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
