package dev.slipway.credential.provider;

import java.util.Locale;

/** What kind of secret it is. Some providers want the two on different headers. */
public enum AuthType {
    API_KEY,
    OAUTH;

    /** The name on the wire and in the table. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of this name. */
    public static AuthType of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
