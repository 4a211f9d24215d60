package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.workspace.testing.EgressProxy;
import dev.slipway.workspace.testing.GitHost;
import dev.slipway.workspace.testing.GitHost.Said;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session's work is offered as a pull request, once, at GitHub and at GitLab, with a key that nobody here has. */
@NullMarked
@MicronautTest(transactional = false)
class PullRequestTest extends ServiceTest {
    private static final String CREDENTIAL = "0198c1de-0000-7000-8000-000000000002";

    private final EgressProxy egress = new EgressProxy();
    private final Path repositories = folder();
    private final GitHost host = GitHost.serve(repositories, "x-access-token", "the-secret");
    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public Map<String, String> getProperties() {
        Map<String, String> properties = super.getProperties();
        properties.put("slipway.services.mitm-proxy.url", egress.adminUrl());
        properties.put("slipway.workspaces.internal-hosts", "github.com,api.github.com,gitlab.example.test");
        properties.put("slipway.workspaces.gitlab-hosts", "gitlab.example.test");
        return properties;
    }

    @BeforeEach
    void route() {
        for (String name : List.of("github.com", "api.github.com", "gitlab.example.test")) {
            egress.route(name, host.port());
        }
        egress.credential(CREDENTIAL, GitHost.basic("x-access-token", "the-secret"));
        calls.clear();
    }

    @AfterAll
    void close() throws Exception {
        host.close();
        egress.close();
    }

    private Shell hosted(String name) {
        Shell made = Shell.repository(folder().resolve("made"));
        Path bare = repositories.resolve(name + ".git");
        made.git("clone", "-q", "--bare", ".", bare.toString());
        return new Shell(bare);
    }

    private String worked(String url, String credential) {
        Answer created = call("POST", "/workspaces", Map.of("path", url, "credentialId", credential));
        String id = created.text("id");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> List.of("ready", "error").contains(status(id)));
        assertThat(status(id))
                .as(call("GET", "/workspaces/" + id, null).toString())
                .isEqualTo("ready");
        String session = session(id);
        work(session, "a.txt", "feat: add a\n\nBecause of reasons.");
        return session;
    }

    private void work(String session, String file, String message) {
        Shell sandbox = sandboxClone(session);
        sandbox.write(file, file + "\n");
        sandbox.commit(message);
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);
    }

    @Test
    void atGitHubTheBranchIsPushedAndThePullRequestOpenedOnce() {
        Shell remote = hosted("acme/widgets");
        List<String> open = new CopyOnWriteArrayList<>();
        host.answer("/repos/acme/widgets/pulls", (method, uri, body) -> {
            calls.add(method + " " + uri + " " + body);
            if (method.equals("GET")) {
                return new Said(200, "[" + String.join(",", open) + "]");
            }
            open.add("""
                    {"url":"https://api.github.com/repos/acme/widgets/pulls/1347","id":1,"number":1347,"state":"open",
                     "html_url":"https://github.com/acme/widgets/pull/1347","title":"feat: add a","draft":false,
                     "head":{"label":"acme:x","ref":"x"},"base":{"ref":"main"}}""");
            return new Said(201, open.getFirst());
        });
        String session = worked("https://github.com/acme/widgets.git", CREDENTIAL);

        Answer made = call("POST", "/sessions/" + session + "/pull-request", null);
        work(session, "b.txt", "feat: add b");
        Answer again = call("POST", "/sessions/" + session + "/pull-request", Map.of());

        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        assertThat(made.body())
                .containsEntry("provider", "github")
                .containsEntry("number", 1347)
                .containsEntry("url", "https://github.com/acme/widgets/pull/1347")
                .containsEntry("state", "open")
                .containsEntry("branch", "slipway/" + session)
                .containsEntry("target", "main")
                .containsEntry("created", true);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).containsEntry("number", 1347).containsEntry("created", false);
        assertThat(remote.git("rev-parse", "slipway/" + session)).isEqualTo(again.text("commit"));
        assertThat(calls.getFirst())
                .startsWith("GET /repos/acme/widgets/pulls?state=open")
                .contains("head=acme%3Aslipway");
        assertThat(calls.get(1))
                .startsWith("POST ")
                .contains("\"head\":\"slipway/" + session + "\"", "\"base\":\"main\"", "\"title\":\"feat: add a\"");
        assertThat(egress.openSessions()).isEmpty();
        assertThat(egress.sessions())
                .anySatisfy(
                        seen -> assertThat(seen.wish().get("allow").toString()).isEqualTo("[\"api.github.com\"]"));
    }

    @Test
    void atAGitLabServerOfTheOperatorsItIsAMergeRequest() {
        hosted("group/sub/tool");
        host.answer("/api/v4/projects/", (method, uri, body) -> {
            calls.add(method + " " + uri + " " + body);
            return method.equals("GET") ? new Said(200, "[]") : new Said(201, """
                            {"id":99,"iid":7,"project_id":3,"title":"Draft: Mine","state":"opened","draft":true,
                             "web_url":"https://gitlab.example.test/group/sub/tool/-/merge_requests/7"}""");
        });
        String session = worked("https://gitlab.example.test/group/sub/tool.git", CREDENTIAL);

        Answer made = call(
                "POST",
                "/sessions/" + session + "/pull-request",
                Map.of("title", "Mine", "body", "Please look.", "draft", true, "branch", "feature/mine"));

        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        assertThat(made.body())
                .containsEntry("provider", "gitlab")
                .containsEntry("number", 7)
                .containsEntry("state", "open")
                .containsEntry("url", "https://gitlab.example.test/group/sub/tool/-/merge_requests/7");
        assertThat(calls.getFirst())
                .startsWith("GET /api/v4/projects/group%2Fsub%2Ftool/merge_requests?state=opened")
                .contains("source_branch=feature%2Fmine", "target_branch=main");
        assertThat(calls.get(1)).contains("\"title\":\"Draft: Mine\"", "\"description\":\"Please look.\"");
    }

    @Test
    void aRefusalKeepsTheSitesWordsAndABranchOfSomebodyElseIsNotReplaced() {
        Shell remote = hosted("acme/strict");
        host.answer(
                "/repos/acme/strict/pulls",
                (method, uri, body) -> method.equals("GET") ? new Said(200, "[]") : new Said(422, """
                                {"message":"Validation Failed","errors":[{"resource":"PullRequest","code":"custom",
                                 "message":"base is protected"}]}"""));
        remote.git("branch", "taken", "main");
        String session = worked("https://github.com/acme/strict.git", CREDENTIAL);

        Answer refused = call("POST", "/sessions/" + session + "/pull-request", null);
        Answer taken = call("POST", "/sessions/" + session + "/pull-request", Map.of("branch", "taken"));
        Answer itself = call("POST", "/sessions/" + session + "/pull-request", Map.of("branch", "main"));

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("detail")).contains("Validation Failed base is protected");
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.text("type")).endsWith("/push-rejected");
        assertThat(itself.status()).isEqualTo(422);
        assertThat(remote.git("rev-parse", "taken")).isEqualTo(remote.git("rev-parse", "main"));
    }

    @Test
    void aRemoteAtNoKnownSiteIsSaidBeforeAnythingIsPushed() {
        Shell origin = Shell.repository(playground.resolve("unhosted"));
        String session = session(workspace("file://" + origin.folder()));

        Answer answer = call("POST", "/sessions/" + session + "/pull-request", null);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text("detail")).contains("github-hosts");
        assertThat(origin.git("branch", "--list")).doesNotContain("slipway");
    }
}
