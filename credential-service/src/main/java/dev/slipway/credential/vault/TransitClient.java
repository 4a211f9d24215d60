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
import java.nio.file.Files;
import java.nio.file.Path;
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

    TransitClient(TransitSettings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .sslContext(TrustedRoots.with("slipway.credential.vault-transit.ca-file", settings.caFile()))
                .build();
    }

    /** What the engine answers, as far as it matters here. */
    @Serdeable
    record Answer(@Nullable Data data, @Nullable List<String> errors) {
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

    Data read(String path) {
        try {
            return call("GET", path, HttpRequest.BodyPublishers.noBody()).present();
        } catch (Refused e) {
            throw new KeyServiceUnavailableException(String.valueOf(e.getMessage()));
        }
    }

    Data write(String path, Map<String, String> body) throws Refused {
        try {
            return call("POST", path, HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                    .present();
        } catch (IOException e) {
            throw new KeyServiceUnavailableException("a question to it cannot be written");
        }
    }

    private Answer call(String method, String path, HttpRequest.BodyPublisher body) throws Refused {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(settings.address().replaceFirst("/+$", "") + "/v1/" + settings.mount() + path))
                .timeout(settings.deadline())
                .header("X-Vault-Token", token())
                .header("X-Vault-Request", "true")
                .method(method, body);
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

    private Answer answer(HttpResponse<byte[]> response) throws IOException, Refused {
        int status = response.statusCode();
        if (status == 200) {
            Answer answer = json.readValue(response.body(), Answer.class);
            return answer == null ? new Answer(null, null) : answer;
        }
        String said = said(response.body());
        if (status == 400) {
            throw new Refused(said);
        }
        throw new KeyServiceUnavailableException("it answered " + status + " " + said
                + (status == 403 ? " (expected: a token whose policy allows this key)" : ""));
    }

    private String said(byte[] body) {
        try {
            Answer answer = json.readValue(body, Answer.class);
            return answer == null || answer.errors() == null ? "" : String.join("; ", answer.errors());
        } catch (IOException _) {
            return "";
        }
    }

    private String token() {
        if (settings.tokenFile().isBlank()) {
            return settings.token();
        }
        try {
            return Files.readString(Path.of(settings.tokenFile())).strip();
        } catch (IOException e) {
            throw new KeyServiceUnavailableException("the file with its token cannot be read");
        }
    }
}
