package dev.slipway.credential.provider;

import java.util.Locale;

/** What kind of secret it is. Some providers want them on different headers. */
public enum AuthType {
    /** A key or password that its owner wrote here. */
    API_KEY,
    /** A token, got by a sign-in at the provider or pasted. */
    OAUTH,
    /** A private key that never leaves this service: it signs here. */
    SSH_KEY;

    /** The name on the wire and in the table. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of this name. */
    public static AuthType of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
