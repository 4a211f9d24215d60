package dev.slipway.credential.provider;

/** How a secret is put on a request. */
public sealed interface Placement {
    /** The part of a template that the secret replaces. */
    String SECRET = "{secret}";

    /** A header, replaced if it is there. */
    record Header(String name, String template) implements Placement {}

    /** A fixed text added to a header that may hold more. */
    record Appended(String name, String text) implements Placement {}

    /** A query parameter, replaced if it is there. */
    record Query(String name, String template) implements Placement {}

    /** HTTP Basic (RFC 7617) with this user and the secret as the password. */
    record Basic(String user) implements Placement {}

    /** No secret: a header is taken away if it has exactly this value. */
    record Removed(String name, String ifEquals) implements Placement {}

    /** Whether the secret itself goes there, and not a text that only belongs to it. */
    default boolean holdsSecret() {
        return switch (this) {
            case Header(String _, String template) -> template.contains(SECRET);
            case Query(String _, String template) -> template.contains(SECRET);
            case Basic _ -> true;
            case Appended _, Removed _ -> false;
        };
    }

    /** The place on the request; of two that have the same one, only one can be. */
    default String place() {
        return switch (this) {
            case Header(String name, String _) -> name.toLowerCase(java.util.Locale.ROOT);
            case Appended(String name, String _) -> name.toLowerCase(java.util.Locale.ROOT);
            case Removed(String name, String _) -> name.toLowerCase(java.util.Locale.ROOT);
            case Query(String name, String _) -> "query " + name;
            case Basic _ -> "authorization";
        };
    }
}
