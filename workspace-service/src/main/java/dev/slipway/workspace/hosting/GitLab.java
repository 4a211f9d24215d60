package dev.slipway.workspace.hosting;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.workspace.WorkspaceSettings;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GitLab, and GitLab servers that the operator lists (REST API v4): what others call a pull request is a merge request. */
@Singleton
final class GitLab implements GitProvider {
    private final List<String> servers;

    GitLab(WorkspaceSettings settings) {
        this.servers = settings.gitlabServers();
    }

    @Override
    public String name() {
        return "gitlab";
    }

    @Override
    public Optional<String> api(String host) {
        return host.equals("gitlab.com") || servers.contains(host)
                ? Optional.of("https://" + host + "/api/v4")
                : Optional.empty();
    }

    @Override
    public Optional<PullRequest> find(Api api, String repository, String from, String to) {
        JsonNode found = api.get(requests(repository) + "?state=opened&per_page=1&source_branch=" + encoded(from)
                + "&target_branch=" + encoded(to));
        return found.isEmpty() ? Optional.empty() : Optional.of(read(found.get(0)));
    }

    @Override
    public PullRequest open(Api api, String repository, NewPullRequest wish) {
        return read(api.post(
                requests(repository),
                Map.of(
                        "source_branch", wish.from(),
                        "target_branch", wish.to(),
                        "title", wish.draft() ? "Draft: " + wish.title() : wish.title(),
                        "description", wish.body())));
    }

    private static PullRequest read(JsonNode node) {
        String state = node.path("state").asText();
        return new PullRequest(
                node.path("iid").asLong(),
                node.path("web_url").asText(),
                state.equals("opened") ? "open" : state,
                node.path("title").asText());
    }

    private static String requests(String repository) {
        return "/projects/" + encoded(repository) + "/merge_requests";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
