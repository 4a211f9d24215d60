package dev.slipway.kit.identity;

import java.util.Locale;

/** What a caller may do in a project, lowest first; {@code SYSTEM} is a service on its own account. */
public enum Role {
    MEMBER,
    ADMIN,
    OWNER,
    SYSTEM;

    /** The name on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of this name. */
    public static Role of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
