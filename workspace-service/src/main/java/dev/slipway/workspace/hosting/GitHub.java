package dev.slipway.workspace.hosting;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.workspace.WorkspaceSettings;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GitHub, and GitHub Enterprise servers that the operator lists (REST API, version 2022-11-28). */
@Singleton
final class GitHub implements GitProvider {
    private final List<String> servers;

    GitHub(WorkspaceSettings settings) {
        this.servers = settings.githubServers();
    }

    @Override
    public String name() {
        return "github";
    }

    @Override
    public Optional<String> api(String host) {
        if (host.equals("github.com") || host.equals("ssh.github.com")) {
            return Optional.of("https://api.github.com");
        }
        return servers.contains(host) ? Optional.of("https://" + host + "/api/v3") : Optional.empty();
    }

    @Override
    public Optional<PullRequest> find(Api api, String repository, String from, String to) {
        String owner = repository.substring(0, Math.max(0, repository.indexOf('/')));
        JsonNode found = api.get("/repos/" + repository + "/pulls?state=open&per_page=1&head="
                + encoded(owner + ":" + from) + "&base=" + encoded(to));
        return found.isEmpty() ? Optional.empty() : Optional.of(read(found.get(0)));
    }

    @Override
    public PullRequest open(Api api, String repository, NewPullRequest wish) {
        return read(api.post(
                "/repos/" + repository + "/pulls",
                Map.of(
                        "title", wish.title(),
                        "body", wish.body(),
                        "head", wish.from(),
                        "base", wish.to(),
                        "draft", wish.draft())));
    }

    private static PullRequest read(JsonNode node) {
        return new PullRequest(
                node.path("number").asLong(),
                node.path("html_url").asText(),
                node.path("state").asText(),
                node.path("title").asText());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
