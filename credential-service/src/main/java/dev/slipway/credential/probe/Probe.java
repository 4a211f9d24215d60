package dev.slipway.credential.probe;

import dev.slipway.credential.outgoing.Outgoing;
import dev.slipway.credential.outgoing.OutgoingHttp;
import dev.slipway.credential.outgoing.UnreachableException;
import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.provider.InjectionPoint;
import dev.slipway.credential.provider.Placement;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.provider.Target;
import dev.slipway.credential.store.Credential;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import dev.slipway.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tries a credential by one call. No redirect is followed, and nothing of the answer is shown but its status. */
@Singleton
class Probe {
    private final OutgoingHttp http;
    private final Vault vault;
    private final Set<String> callable;

    Probe(OutgoingHttp http, Vault vault, ProbeSettings settings) {
        this.http = http;
        this.vault = vault;
        Stream<String> catalogue = Arrays.stream(Provider.values())
                .filter(provider -> provider.probePath().isPresent())
                .flatMap(provider -> provider.points(AuthType.API_KEY, Target.NONE).stream())
                .map(InjectionPoint::host);
        this.callable = Stream.concat(catalogue, settings.hosts().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Tries it.
     *
     * @throws ProblemException 422 if there is no call to try it with, 409 if it does not open
     */
    Verdict test(Credential credential) {
        String host = credential.points().stream()
                .map(InjectionPoint::host)
                .findFirst()
                .orElseThrow(() -> ProblemException.unprocessable(
                        "provider", "an ssh key cannot be tried by a call (expected: a clone or fetch with it)"));
        String path = credential
                .kind()
                .probePath()
                .or(() -> Optional.ofNullable(credential.target().pathPrefix()))
                .orElse("/");
        if (!callable.contains(host)) {
            throw ProblemException.unprocessable(
                    "provider",
                    credential.provider() + " cannot be tried at " + host
                            + " (expected: a host of the catalogue, or one in SLIPWAY_CREDENTIAL_PROBE_HOSTS)");
        }
        byte[] secret = open(credential);
        Outgoing call;
        try {
            call = call(credential, host, path, new String(secret, StandardCharsets.US_ASCII));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
        try {
            return Verdict.of(http.call(call).status());
        } catch (UnreachableException e) {
            return new Verdict.Unreachable(String.valueOf(e.getMessage()));
        }
    }

    private static Outgoing call(Credential credential, String host, String path, String secret) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Accept", "application/json");
        // Anthropic refuses requests without it; the others do not look at it.
        headers.put("anthropic-version", "2023-06-01");
        String query = "";
        // The scope is for agents; the provider is asked about the secret itself.
        List<InjectionPoint> points = credential.kind().points(credential.type(), credential.target());
        for (InjectionPoint point : points) {
            String prefix = Optional.ofNullable(point.pathPrefix()).orElse("/");
            if (point.host().equals(host) && path.startsWith(prefix)) {
                query += put(point, secret, headers);
            }
        }
        String address = "https://" + host + path;
        return Outgoing.get(
                URI.create(query.isEmpty() ? address : address + (path.contains("?") ? "&" : "?") + query), headers);
    }

    private byte[] open(Credential credential) {
        try {
            return credential.open(vault);
        } catch (SealedSecretException e) {
            throw ProblemException.conflict("unreadable", Objects.requireNonNull(e.getMessage()));
        }
    }

    /** Puts a secret into the headers, or answers with the query that holds it. */
    private static String put(InjectionPoint point, String secret, Map<String, String> headers) {
        switch (point.placement()) {
            case Placement.Header(String name, String template) ->
                headers.put(name, template.replace(Placement.SECRET, secret));
            case Placement.Appended(String name, String text) -> headers.put(name, text);
            case Placement.Basic(String user) ->
                headers.put(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8)));
            case Placement.Query(String name, String template) -> {
                return Outgoing.encode(name) + "=" + Outgoing.encode(template.replace(Placement.SECRET, secret));
            }
            case Placement.Removed _ -> {
                // Nothing is there to be removed.
            }
        }
        return "";
    }
}
