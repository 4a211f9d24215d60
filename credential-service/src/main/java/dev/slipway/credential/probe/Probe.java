package dev.slipway.credential.probe;

import dev.slipway.credential.provider.InjectionPoint;
import dev.slipway.credential.provider.Placement;
import dev.slipway.credential.store.Credential;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import dev.slipway.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/** Tries a credential by one call. No redirect is followed, and the answer's body is not read. */
@Singleton
class Probe {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Addresses addresses;
    private final Vault vault;
    private final Duration deadline;
    private final HttpClient http;

    Probe(Addresses addresses, Vault vault, ProbeSettings settings) {
        this.addresses = addresses;
        this.vault = vault;
        this.deadline = settings.deadline();
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .sslContext(TrustedRoots.with(settings.trustedCaFile()))
                .build();
    }

    /**
     * Tries it.
     *
     * @throws ProblemException 422 if there is no call to try it with, 409 if it does not open
     */
    Verdict test(Credential credential) {
        String host = credential.points().getFirst().host();
        URI address = credential
                .kind()
                .probePath()
                .flatMap(path -> addresses.of(host, path))
                .orElseThrow(() -> ProblemException.unprocessable(
                        "provider",
                        credential.provider() + " cannot be tried at " + host
                                + " (expected: a host of the catalogue, or one in SLIPWAY_CREDENTIAL_PROBE_HOSTS)"));
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(deadline)
                .header("Accept", "application/json")
                // Anthropic refuses requests without it; the others do not look at it.
                .header("anthropic-version", "2023-06-01");
        byte[] secret = open(credential);
        try {
            String text = new String(secret, StandardCharsets.US_ASCII);
            credential.points().stream()
                    .filter(point -> covers(point, host, address.getPath()))
                    .forEach(point -> put(point, text, request));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
        return send(request.build());
    }

    private static boolean covers(InjectionPoint point, String host, String path) {
        return point.host().equals(host)
                && path.startsWith(Optional.ofNullable(point.pathPrefix()).orElse("/"));
    }

    private Verdict send(HttpRequest request) {
        try {
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close();
            return Verdict.of(answer.statusCode());
        } catch (IOException e) {
            return new Verdict.Unreachable("no answer (" + e.getClass().getSimpleName() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Verdict.Unreachable("the service stops");
        }
    }

    private byte[] open(Credential credential) {
        try {
            return credential.open(vault);
        } catch (SealedSecretException e) {
            throw ProblemException.conflict("unreadable", Objects.requireNonNull(e.getMessage()));
        }
    }

    private static void put(InjectionPoint point, String secret, HttpRequest.Builder request) {
        switch (point.placement()) {
            case Placement.Header(String name, String template) ->
                request.setHeader(name, template.replace(Placement.SECRET, secret));
            case Placement.Appended(String name, String text) -> request.setHeader(name, text);
            case Placement.Basic(String user) ->
                request.setHeader(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8)));
            case Placement.Query _, Placement.Removed _ -> {
                // No provider with a call to try has its secret in the query, and nothing is there to remove.
            }
        }
    }
}
