package dev.slipway.credential.oauth;

import dev.slipway.credential.outgoing.Outgoing;
import dev.slipway.credential.outgoing.OutgoingHttp;
import dev.slipway.credential.outgoing.UnreachableException;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Speaks to providers in the shapes that each of them has. Every call is made once. */
@Singleton
class TokenEndpoint {
    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
    private static final Duration INTERVAL_USUAL = Duration.ofSeconds(5);
    private static final Duration DEVICE_CODE_USUAL = Duration.ofMinutes(15);

    private final OutgoingHttp http;
    private final ObjectMapper json;
    private final TokenAnswer answers;

    TokenEndpoint(OutgoingHttp http, ObjectMapper json, Clock clock) {
        this.http = http;
        this.json = json;
        this.answers = new TokenAnswer(json, clock);
    }

    /** What a user types in at the provider, and what we ask with. */
    record DeviceCode(
            String deviceCode, String userCode, String verificationUri, Duration lifetime, Duration interval) {
        @Override
        public String toString() {
            return "DeviceCode[hidden]";
        }
    }

    /** Changes a code for tokens. */
    Grant exchange(OAuthClient client, String code, String state, String verifier, String redirectUri) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "authorization_code");
        fields.put("code", code);
        fields.put("redirect_uri", redirectUri);
        fields.put("client_id", client.clientId());
        fields.put("code_verifier", verifier);
        if (takesJson(client)) {
            fields.put("state", state);
        }
        return ask(client, null, fields);
    }

    /** Gets the next token. */
    Grant refresh(OAuthClient client, @Nullable String host, String refreshToken) {
        if (!client.exchangeUrl().isBlank()) {
            return exchanged(client, host, refreshToken);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "refresh_token");
        fields.put("refresh_token", refreshToken);
        fields.put("client_id", client.clientId());
        return ask(client, host, fields);
    }

    /** Changes a token for a short-lived one; the former gets the next one too. */
    Grant exchanged(OAuthClient client, @Nullable String host, String token) {
        Grant grant = call(Outgoing.get(
                OAuthClient.at(client.exchangeUrl(), host),
                Map.of("Accept", "application/json", "Authorization", "token " + token)));
        return grant instanceof Grant.Given given
                ? new Grant.Given(given.token(), token, given.lifetime(), given.account())
                : grant;
    }

    /** Begins a sign-in with a device code; empty if the provider gave none. */
    DeviceCode deviceCode(OAuthClient client, @Nullable String host) throws UnreachableException, NoDeviceCode {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("client_id", client.clientId());
        fields.put("scope", client.scopes());
        OutgoingHttp.Answer answer = http.call(Outgoing.form(OAuthClient.at(client.deviceUrl(), host), fields));
        Map<String, Object> said = answers.fields(answer.body());
        String deviceCode = TokenAnswer.text(said, "device_code");
        String userCode = TokenAnswer.text(said, "user_code");
        String uri = TokenAnswer.text(said, "verification_uri");
        if (answer.status() != 200 || deviceCode == null || userCode == null || uri == null) {
            throw new NoDeviceCode(
                    answers.read(answer) instanceof Grant.Refused refused
                            ? "it refused (" + refused.error() + ")"
                            : "it answered " + answer.status());
        }
        return new DeviceCode(
                deviceCode,
                userCode,
                uri,
                seconds(TokenAnswer.number(said, "expires_in"), DEVICE_CODE_USUAL),
                seconds(TokenAnswer.number(said, "interval"), INTERVAL_USUAL));
    }

    /** Asks whether the user has typed the code in. */
    Grant poll(OAuthClient client, @Nullable String host, String deviceCode) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("client_id", client.clientId());
        fields.put("device_code", deviceCode);
        fields.put("grant_type", DEVICE_GRANT);
        return ask(client, host, fields);
    }

    /** Ends a token (RFC 7009); the answer is the status. */
    int revoke(OAuthClient client, @Nullable String host, String token) throws UnreachableException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("token", token);
        fields.put("token_type_hint", "refresh_token");
        fields.put("client_id", client.clientId());
        return http.call(body(client, OAuthClient.at(client.revokeUrl(), host), fields))
                .status();
    }

    /** The provider gave no device code; the message is for users. */
    static final class NoDeviceCode extends Exception {
        private static final long serialVersionUID = 1L;

        NoDeviceCode(String reason) {
            super(reason);
        }
    }

    private Grant ask(OAuthClient client, @Nullable String host, Map<String, String> fields) {
        return call(body(client, OAuthClient.at(client.tokenUrl(), host), fields));
    }

    private Grant call(Outgoing call) {
        try {
            return answers.read(http.call(call));
        } catch (UnreachableException e) {
            return new Grant.Unclear(Objects.requireNonNull(e.getMessage()), null);
        }
    }

    private Outgoing body(OAuthClient client, URI address, Map<String, String> fields) {
        if (!takesJson(client)) {
            return Outgoing.form(address, fields);
        }
        try {
            return Outgoing.json(address, json.writeValueAsString(fields));
        } catch (IOException e) {
            throw new UncheckedIOException("a question cannot be written", e);
        }
    }

    /** Anthropic takes JSON, and wants the state again; the others take what RFC 6749 says, a form. */
    private static boolean takesJson(OAuthClient client) {
        return client.name().equals("anthropic");
    }

    private static Duration seconds(@Nullable Long said, Duration usual) {
        return said == null || said <= 0 ? usual : Duration.ofSeconds(Math.min(said, 3600));
    }
}
