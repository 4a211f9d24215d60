package dev.slipway.credential.oauth;

import dev.slipway.kit.problem.ProblemException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a browser was given after a sign-in, as a user pastes it: {@code code#state}, the whole address that the browser was sent
 * to, or the code with the state beside it. Its text form hides it.
 */
record PastedCode(String code, String state) {
    private static final int LENGTH_MAX = 4096;

    static PastedCode of(@Nullable String pasted, @Nullable String state) {
        if (pasted == null || pasted.isBlank()) {
            throw ProblemException.invalid("code", "missing (expected: what the provider showed after the sign-in)");
        }
        String text = pasted.strip();
        if (text.length() > LENGTH_MAX) {
            throw ProblemException.invalid(
                    "code", text.length() + " characters (expected: at most " + LENGTH_MAX + ")");
        }
        if (text.contains("://")) {
            return ofAddress(text);
        }
        int hash = text.indexOf('#');
        String code = hash < 0 ? text : text.substring(0, hash);
        String with = hash < 0 ? state : text.substring(hash + 1);
        return checked(code, with);
    }

    @Override
    public String toString() {
        return "PastedCode[hidden]";
    }

    private static PastedCode ofAddress(String address) {
        Map<String, String> query = new HashMap<>();
        String parameters = address.replaceFirst("^[^?#]*[?#]?", "").replaceFirst("#.*$", "");
        for (String pair : parameters.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.putIfAbsent(pair.substring(0, equals), decoded(pair.substring(equals + 1)));
            }
        }
        if (query.containsKey("error")) {
            throw ProblemException.unprocessable(
                    "code", "the provider refused the sign-in (expected: an address with a code; begin again)");
        }
        return checked(query.get("code"), query.get("state"));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    private static PastedCode checked(@Nullable String code, @Nullable String state) {
        if (code == null || code.isBlank() || state == null || state.isBlank()) {
            throw ProblemException.invalid(
                    "code", "incomplete (expected: code#state, or the whole address that the browser was sent to)");
        }
        return new PastedCode(code, state);
    }
}
