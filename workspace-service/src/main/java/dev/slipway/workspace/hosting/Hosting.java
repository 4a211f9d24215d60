package dev.slipway.workspace.hosting;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.access.Errand;
import dev.slipway.workspace.access.Passage;
import dev.slipway.workspace.access.RemoteAccess;
import dev.slipway.workspace.hosting.GitProvider.NewPullRequest;
import dev.slipway.workspace.hosting.GitProvider.PullRequest;
import dev.slipway.workspace.source.RemoteUrl;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Opens pull requests where a repository is hosted. */
@Singleton
public class Hosting {
    private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+");
    private static final int SAID_MAX = 500;

    private final List<GitProvider> providers;
    private final RemoteAccess access;
    private final DoorClient client;
    private final ObjectMapper json = new ObjectMapper();

    Hosting(List<GitProvider> providers, RemoteAccess access, DoorClient client) {
        this.providers = providers;
        this.access = access;
        this.client = client;
    }

    /** What came of a wish; {@code made} is false if there was one already. */
    public record Result(String provider, PullRequest pullRequest, boolean made) {}

    /** Ends with 422 if nobody we know hosts this address. */
    public void mustBeHosted(RemoteUrl url) {
        providerOf(url);
    }

    /** The open pull request between two branches; a new one if there is none. */
    public Result ensure(Errand errand, RemoteUrl url, NewPullRequest wish) {
        GitProvider provider = providerOf(url);
        String repository = url.repositoryName();
        RemoteUrl address = new RemoteUrl(provider.api(url.host()).orElseThrow(), "https");
        try (Passage passage = access.open(errand.apart(), address)) {
            if (passage.door().isEmpty()) {
                throw ProblemException.conflict(
                        "credential-unusable",
                        "The hosting site is reached through the egress proxy, which has no TCP listener. Set"
                                + " slipway.proxy.tcp.address of mitm-proxy.");
            }
            GitProvider.Api api = new DoorApi(passage, address);
            Optional<PullRequest> found = provider.find(api, repository, wish.from(), wish.to());
            return found.map(present -> new Result(provider.name(), present, false))
                    .orElseGet(() -> new Result(provider.name(), provider.open(api, repository, wish), true));
        }
    }

    private GitProvider providerOf(RemoteUrl url) {
        if (!REPOSITORY.matcher(url.repositoryName()).matches()) {
            throw unknown();
        }
        return providers.stream()
                .filter(provider -> provider.api(url.host()).isPresent())
                .findFirst()
                .orElseThrow(Hosting::unknown);
    }

    private static ProblemException unknown() {
        return ProblemException.unprocessable(
                "session",
                "its workspace's remote is at no hosting site that is known (expected: github.com, gitlab.com, or a"
                        + " server of slipway.workspaces.github-hosts or gitlab-hosts)");
    }

    private final class DoorApi implements GitProvider.Api {
        private final Passage passage;
        private final RemoteUrl base;

        DoorApi(Passage passage, RemoteUrl base) {
            this.passage = passage;
            this.base = base;
        }

        @Override
        public JsonNode get(String path) {
            return call("GET", path, null);
        }

        @Override
        public JsonNode post(String path, Object body) {
            return call("POST", path, body);
        }

        private JsonNode call(String method, String path, @Nullable Object body) {
            DoorClient.Answer answer;
            try {
                String text = body == null ? null : json.writeValueAsString(body);
                answer = client.call(passage, method, URI.create(base.text() + path), text);
            } catch (IOException e) {
                throw ProblemException.of(
                        HttpStatus.BAD_GATEWAY, "bad-gateway", "The hosting site does not answer: " + e.getMessage());
            }
            if (answer.status() >= 300) {
                throw refused(answer);
            }
            return read(answer.body())
                    .orElseThrow(() -> ProblemException.of(
                            HttpStatus.BAD_GATEWAY, "bad-gateway", "The hosting site's answer cannot be read."));
        }

        private Optional<JsonNode> read(String body) {
            try {
                return Optional.of(json.readTree(body));
            } catch (JsonProcessingException _) {
                return Optional.empty();
            }
        }

        private ProblemException refused(DoorClient.Answer answer) {
            return switch (answer.status()) {
                case 401, 403, 404 ->
                    ProblemException.unprocessable(
                            "credentialId",
                            "the hosting site answered " + answer.status()
                                    + " (expected: a credential that may open pull requests in the repository)");
                case 429 ->
                    ProblemException.of(
                            HttpStatus.TOO_MANY_REQUESTS, "too-many", "The hosting site asks to wait. Try later.");
                default ->
                    answer.status() >= 500
                            ? ProblemException.of(
                                    HttpStatus.BAD_GATEWAY,
                                    "bad-gateway",
                                    "The hosting site answered " + answer.status() + ". Try again later.")
                            : ProblemException.conflict(
                                    "pull-request-refused",
                                    "The hosting site refuses the pull request (" + answer.status() + "): "
                                            + said(answer.body()));
            };
        }

        /** The words of GitHub ({@code message}, {@code errors[].message}) and GitLab ({@code message}, a text or a list). */
        private String said(String body) {
            StringBuilder said = new StringBuilder();
            read(body).ifPresent(node -> {
                JsonNode message = node.path("message");
                said.append(message.isTextual() ? message.asText() : message.toString());
                node.path("errors")
                        .forEach(error ->
                                said.append(' ').append(error.path("message").asText()));
            });
            return said.length() > SAID_MAX ? said.substring(0, SAID_MAX) : said.toString();
        }
    }
}
