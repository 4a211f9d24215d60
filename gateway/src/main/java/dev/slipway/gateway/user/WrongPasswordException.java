package dev.slipway.gateway.user;

import java.util.List;

/** A login failed. Counts against both the account and the address that it came from. */
final class WrongPasswordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> subjects;

    WrongPasswordException(String account, String address) {
        super("wrong name or password", null, false, false);
        this.subjects = List.of(account, address);
    }

    List<String> subjects() {
        return subjects;
    }
}
