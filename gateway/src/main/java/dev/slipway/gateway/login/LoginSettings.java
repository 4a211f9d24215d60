package dev.slipway.gateway.login;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.Locale;

/**
 * Login by providers ({@code slipway.login}).
 *
 * @param signUp who gets an account without one: {@code closed} nobody, {@code invited} with an invite code or an open invitation
 *     to the verified e-mail address, {@code open} everyone whom a provider knows
 */
@ConfigurationProperties("slipway.login")
record LoginSettings(@Bindable(defaultValue = "invited") String signUp) {
    /** Who gets an account without one. */
    enum SignUp {
        CLOSED,
        INVITED,
        OPEN
    }

    LoginSettings {
        if (!signUp.matches("(?i)closed|invited|open")) {
            throw new IllegalArgumentException("SLIPWAY_SIGN_UP: " + signUp + " (expected: closed, invited or open)");
        }
    }

    SignUp mode() {
        return SignUp.valueOf(signUp.toUpperCase(Locale.ROOT));
    }
}
