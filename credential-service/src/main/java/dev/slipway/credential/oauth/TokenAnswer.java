package dev.slipway.credential.oauth;

import dev.slipway.credential.outgoing.OutgoingHttp;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads what token endpoints answer. Of what a provider says in its own words nothing is shown: it could quote what it was sent.
 */
final class TokenAnswer {
    private static final String OPENAI_CLAIMS = "https://api.openai.com/auth";

    private final ObjectMapper json;
    private final Clock clock;

    TokenAnswer(ObjectMapper json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    /** Reads an answer of a token endpoint, or of an exchange. */
    Grant read(OutgoingHttp.Answer answer) {
        Map<String, Object> fields = fields(answer.body());
        String error = error(fields);
        int status = answer.status();
        if (status == 429 || status >= 500) {
            return new Grant.Unclear("it answered " + status, answer.retryAfter());
        }
        String token = text(fields, "access_token") == null ? text(fields, "token") : text(fields, "access_token");
        // GitHub answers 200 to what it refuses.
        if (status == 200 && token != null && !token.isBlank() && isPrintable(token)) {
            return new Grant.Given(
                    token, text(fields, "refresh_token"), lifetime(fields, token), account(fields, token));
        }
        if (error != null || status == 400 || status == 401 || status == 403) {
            Long interval = number(fields, "interval");
            return new Grant.Refused(
                    error == null ? "unknown" : error, interval == null ? null : Duration.ofSeconds(interval));
        }
        return new Grant.Unclear("it answered " + status + " without a token", answer.retryAfter());
    }

    /** The fields of a JSON object; none if it is none. */
    Map<String, Object> fields(byte[] body) {
        try {
            return Objects.requireNonNullElse(
                    json.readValue(body, Argument.mapOf(String.class, Object.class)), Map.of());
        } catch (IOException | RuntimeException _) {
            return Map.of();
        }
    }

    static @Nullable String text(Map<String, Object> fields, String name) {
        return fields.get(name) instanceof String text ? text : null;
    }

    static @Nullable Long number(Map<String, Object> fields, String name) {
        return fields.get(name) instanceof Number number ? (Long) number.longValue() : null;
    }

    /** {@code "error":"invalid_grant"}, or Anthropic's {@code "error":{"type":"…"}}. */
    private static @Nullable String error(Map<String, Object> fields) {
        Object error = fields.get("error");
        if (error instanceof Map<?, ?> nested) {
            error = nested.get("type") instanceof String type ? type : nested.get("code");
        }
        return error instanceof String code ? (code.matches("[a-zA-Z_]{1,60}") ? code : "unknown") : null;
    }

    private @Nullable Duration lifetime(Map<String, Object> fields, String token) {
        Long seconds = number(fields, "expires_in");
        if (seconds != null && seconds > 0) {
            return Duration.ofSeconds(seconds);
        }
        Long until = number(fields, "expires_at");
        if (until == null) {
            until = number(claims(token), "exp");
        }
        return until == null ? null : Duration.between(clock.instant(), Instant.ofEpochSecond(until));
    }

    /** OpenAI names the account in its tokens; requests have to name it beside them. */
    private @Nullable String account(Map<String, Object> fields, String token) {
        String idToken = text(fields, "id_token");
        for (String each : new String[] {idToken == null ? "" : idToken, token}) {
            Object claims = claims(each).get(OPENAI_CLAIMS);
            if (claims instanceof Map<?, ?> openai
                    && openai.get("chatgpt_account_id") instanceof String account
                    && account.matches("[A-Za-z0-9_-]{1,100}")) {
                return account;
            }
        }
        return null;
    }

    /** What a JWT claims. It came from its issuer over TLS, and nothing is granted by it here, so its signature is not checked. */
    private Map<String, Object> claims(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Map.of();
        }
        try {
            return fields(Base64.getUrlDecoder().decode(parts[1].getBytes(StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException _) {
            return Map.of();
        }
    }

    private static boolean isPrintable(String token) {
        return token.chars().allMatch(each -> each > ' ' && each <= '~');
    }
}
