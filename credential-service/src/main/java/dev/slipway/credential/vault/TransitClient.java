package dev.slipway.credential.vault;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.credential.trust.TrustedRoots;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Speaks to a transit engine. The address is the operator's, so it may be any; no redirect is followed. */
final class TransitClient {
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final TransitSettings settings;
    private final ObjectMapper json = ObjectMapper.getDefault();
    private final HttpClient http;
    private final TransitLogin login;

    TransitClient(TransitSettings settings) {
        this.settings = settings;
        this.login = new TransitLogin(settings, this::authenticate);
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .sslContext(TrustedRoots.with("slipway.credential.vault-transit.ca-file", settings.caFile()))
                .build();
    }

    /** What the engine answers, as far as it matters here. */
    @Serdeable
    record Answer(
            @Nullable Data data,
            TransitLogin.@Nullable Auth auth,
            @Nullable List<String> errors) {
        Data present() {
            if (data == null) {
                throw new KeyServiceUnavailableException("its answer has no data");
            }
            return data;
        }
    }

    /** The part of it that depends on the question. */
    @Serdeable
    record Data(
            @Nullable String ciphertext,
            @Nullable String plaintext,
            @JsonProperty("latest_version") @Nullable Integer latestVersion) {
        @Override
        public String toString() {
            return "Data[hidden]";
        }
    }

    /** The engine refuses what it was given: not the caller, but the ciphertext. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }
    }

    /** The engine does not let us in: the token has ended, was revoked, or its policy is too narrow. */
    private static final class Forbidden extends Exception {
        private static final long serialVersionUID = 1L;

        Forbidden(String said) {
            super(said);
        }
    }

    Data read(String path) {
        try {
            return call("GET", path, HttpRequest.BodyPublishers.noBody()).present();
        } catch (Refused e) {
            throw new KeyServiceUnavailableException(String.valueOf(e.getMessage()));
        }
    }

    Data write(String path, Map<String, String> body) throws Refused {
        return call("POST", path, publisher(body)).present();
    }

    private TransitLogin.Auth authenticate(String path, @Nullable String token, Map<String, String> body)
            throws Refused {
        try {
            TransitLogin.Auth auth = send("POST", path, token, publisher(body)).auth();
            if (auth == null) {
                throw new KeyServiceUnavailableException("its answer to the login has no auth");
            }
            return auth;
        } catch (Forbidden e) {
            throw new Refused("403 " + e.getMessage());
        }
    }

    private HttpRequest.BodyPublisher publisher(Map<String, String> body) {
        try {
            return HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body));
        } catch (IOException e) {
            throw new KeyServiceUnavailableException("a question to it cannot be written");
        }
    }

    private Answer call(String method, String path, HttpRequest.BodyPublisher body) throws Refused {
        String token = login.token();
        String whole = "/" + settings.mount() + path;
        try {
            return send(method, whole, token, body);
        } catch (Forbidden first) {
            try {
                if (login.refused(token)) {
                    return send(method, whole, login.token(), body);
                }
            } catch (Forbidden _) {
                // With a token that is fresh it is the policy.
            }
            throw new KeyServiceUnavailableException(
                    "it answered 403 " + first.getMessage() + " (expected: a token whose policy allows this key)");
        }
    }

    private Answer send(String method, String path, @Nullable String token, HttpRequest.BodyPublisher body)
            throws Refused, Forbidden {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(settings.address().replaceFirst("/+$", "") + "/v1" + path))
                .timeout(settings.deadline())
                .header("X-Vault-Request", "true")
                .method(method, body);
        if (token != null) {
            request.header("X-Vault-Token", token);
        }
        if (!settings.namespace().isBlank()) {
            request.header("X-Vault-Namespace", settings.namespace());
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return answer(response);
        } catch (IOException e) {
            throw new KeyServiceUnavailableException(
                    "no answer (" + e.getClass().getSimpleName() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeyServiceUnavailableException("the service stops");
        }
    }

    private Answer answer(HttpResponse<byte[]> response) throws IOException, Refused, Forbidden {
        int status = response.statusCode();
        if (status == 200) {
            Answer answer = json.readValue(response.body(), Answer.class);
            return answer == null ? new Answer(null, null, null) : answer;
        }
        String said = said(response.body());
        if (status == 400) {
            throw new Refused(said);
        }
        if (status == 403) {
            throw new Forbidden(said);
        }
        throw new KeyServiceUnavailableException("it answered " + status + " " + said);
    }

    private String said(byte[] body) {
        try {
            Answer answer = json.readValue(body, Answer.class);
            return answer == null || answer.errors() == null ? "" : String.join("; ", answer.errors());
        } catch (IOException _) {
            return "";
        }
    }
}
