package dev.slipway.gateway.login;

import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;

/** Why a login by a provider does not come to pass. */
final class LoginRefusals {
    private LoginRefusals() {}

    static ProblemException unknownProvider(String name) {
        return ProblemException.of(
                HttpStatus.BAD_REQUEST, "unknown-provider", "This Slipway has no login provider of that name: " + name);
    }

    /** The browser did not begin this login, or has come back before, or too late. */
    static ProblemException expired() {
        return ProblemException.of(
                HttpStatus.BAD_REQUEST,
                "login-expired",
                "This login was not begun in this browser, was used already, or took too long. Begin it again.");
    }

    static ProblemException denied() {
        return ProblemException.of(HttpStatus.FORBIDDEN, "login-denied", "The login was not granted by the provider.");
    }

    /** The provider's word does not hold. Says no more: the reason is in the log. */
    static ProblemException failed() {
        return ProblemException.of(
                HttpStatus.UNAUTHORIZED, "login-failed", "The provider's answer could not be trusted. Log in again.");
    }

    static ProblemException providerAway(String name) {
        return ProblemException.of(
                HttpStatus.BAD_GATEWAY,
                "login-provider-failed",
                name + " does not answer as it should. Try again later.");
    }

    static ProblemException signUpClosed() {
        return ProblemException.of(
                HttpStatus.FORBIDDEN,
                "sign-up-closed",
                "There is no account for you. Ask for an invite code or an invitation to your verified e-mail address.");
    }

    static ProblemException accountExists() {
        return ProblemException.conflict(
                "account-exists",
                "There is an account with your e-mail address. Log in to it with its password, then link the provider to it.");
    }

    static ProblemException disabled() {
        return ProblemException.of(
                HttpStatus.FORBIDDEN, "account-disabled", "This account is disabled. Ask an administrator.");
    }
}
