package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.gateway.ProjectEvent.ProjectDeletionRequested;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Workspaces from their making to their removal. */
@NullMarked
@MicronautTest(transactional = false)
class WorkspaceLifeTest extends ServiceTest {
    private Path home() {
        return Path.of(server.getApplicationContext().getRequiredProperty("slipway.home", String.class));
    }

    @Test
    void aNewFolderBecomesARepositoryWithOneCommit() {
        Path folder = playground.resolve("fresh/er");

        Answer created = call("POST", "/workspaces", Map.of("path", folder.toString(), "displayName", "Fresh"));
        String id = created.text("id");
        await().atMost(Duration.ofSeconds(30)).until(() -> status(id).equals("ready"));

        Shell user = new Shell(folder);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body())
                .containsEntry("status", "initializing")
                .containsEntry("displayName", "Fresh")
                .containsEntry("sourceType", "local");
        assertThat(user.git("log", "--format=%an <%ae> %s")).isEqualTo("Uma User <uma@example.org> Initial commit");
        assertThat(call("GET", "/workspaces/" + id, null).body())
                .containsEntry("commit", user.head())
                .containsEntry("branch", "main");
        assertThat(events(id)).last().asString().contains("\"ready\"", user.head());
    }

    @Test
    void theCommitFollowsWhatTheUserDoes() {
        Shell user = Shell.repository(playground.resolve("follows"));
        String id = workspace(user.folder().toString());
        user.write("x.txt", "x");
        String head = user.commit("more");

        assertThat(call("GET", "/workspaces/" + id, null).text("commit")).isEqualTo(head);
    }

    @Test
    void twoClonesOfOneAddressShareACacheAndTheLastOneTakesItAlong() throws Exception {
        Shell origin = Shell.repository(playground.resolve("shared"));
        long before = caches();
        String first = workspace("file://" + origin.folder());
        String second = workspace("file://" + origin.folder());
        long shared = caches();
        String session = session(first);

        call("DELETE", "/workspaces/" + first, null);
        await().atMost(Duration.ofSeconds(30)).until(() -> !Files.exists(home().resolve("workspaces/" + first)));
        Answer other = call("GET", "/workspaces/" + second + "/git/log", null);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> call("GET", "/sessions/" + session + "/diff", null).status() == 404);
        call("DELETE", "/workspaces/" + second, null);

        assertThat(shared).isEqualTo(before + 1);
        assertThat(other.list("commits")).hasSize(1);
        assertThat(call("GET", "/workspaces/" + second, null).status()).isEqualTo(404);
        await().atMost(Duration.ofSeconds(30)).until(() -> caches() == before);
        assertThat(events(first)).last().asString().contains("workspace.removed");
        assertThat(origin.head()).isNotEmpty();
    }

    @Test
    void aLocalFolderOutlivesItsWorkspaceUnlessToldOtherwise() {
        Shell kept = Shell.repository(playground.resolve("kept"));
        Shell gone = Shell.repository(playground.resolve("gone"));
        String first = workspace(kept.folder().toString());
        String second = workspace(gone.folder().toString());

        call("DELETE", "/workspaces/" + first, null);
        call("DELETE", "/workspaces/" + second + "?deleteFiles=true", null);

        await().atMost(Duration.ofSeconds(30)).until(() -> !Files.exists(gone.folder()));
        assertThat(kept.read("readme.txt")).isNotEmpty();
    }

    @Test
    void theNameIsChangedAndClearedAndThePathStays() {
        String id =
                workspace(Shell.repository(playground.resolve("named")).folder().toString());

        Answer named = call("PUT", "/workspaces/" + id, Map.of("displayName", "Mine"));
        Answer moved = call("PUT", "/workspaces/" + id, Map.of("path", "/elsewhere"));
        Answer none = call("PUT", "/workspaces/" + id, "{\"displayName\":null}");

        assertThat(named.body()).containsEntry("displayName", "Mine");
        assertThat(moved.status()).isEqualTo(422);
        assertThat(none.body()).containsEntry("displayName", null);
    }

    @Test
    void listsArePaged() {
        for (String name : List.of("page1", "page2", "page3")) {
            workspace(Shell.repository(playground.resolve(name)).folder().toString());
        }

        Answer first = call("GET", "/workspaces?limit=2", null);
        Answer second = call("GET", "/workspaces?limit=200&cursor=" + first.text("nextCursor"), null);

        assertThat(first.list("workspaces")).hasSize(2);
        assertThat(second.list("workspaces")).isNotEmpty().doesNotContainAnyElementsOf(first.list("workspaces"));
        assertThat(call("GET", "/workspaces?limit=0", null).status()).isEqualTo(400);
        assertThat(call("GET", "/workspaces?cursor=%25", null).status()).isEqualTo(400);
    }

    @Test
    void whatCannotBeClonedFailsPlainlyAndCanBeTriedAgain() {
        Path empty = playground.resolve("no-repository");
        assertThat(empty.toFile().mkdirs()).isTrue();
        Answer created = call("POST", "/workspaces", Map.of("path", "file://" + empty));
        String id = created.text("id");
        await().atMost(Duration.ofSeconds(30)).until(() -> status(id).equals("error"));
        Answer failed = call("GET", "/workspaces/" + id, null);
        Answer git = call("GET", "/workspaces/" + id + "/git/status", null);

        Shell.repository(empty);
        Answer valid = call("POST", "/workspaces/" + id + "/validate", null);

        assertThat(failed.text("errorMessage")).contains("no git repository at this address");
        assertThat(git.status()).isEqualTo(409);
        assertThat(valid.body()).containsEntry("valid", true);
        await().atMost(Duration.ofSeconds(30)).until(() -> status(id).equals("ready"));
    }

    @Test
    void suggestionsAreFoldersThatMayBeUsed() {
        Shell.repository(playground.resolve("suggest-a"));
        assertThat(playground.resolve("suggest-b").toFile().mkdirs()).isTrue();

        Answer found = call("GET", "/suggestions?type=path&q=" + playground.resolve("suggest-"), null);
        Answer outside = call("GET", "/suggestions?type=path&q=/etc/", null);

        assertThat(found.list("suggestions"))
                .extracting(entry -> entry.get("value") + " " + entry.get("valid"))
                .containsExactly(playground.resolve("suggest-a") + " true", playground.resolve("suggest-b") + " false");
        assertThat(outside.list("suggestions")).isEmpty();
    }

    @Test
    void aBranchIsMergedAndASessionIsRebasedOnWhatCameMeanwhile() {
        Shell user = Shell.repository(playground.resolve("merging"));
        String id = workspace(user.folder().toString());
        String session = session(id);
        Shell sandbox = sandboxClone(session);
        sandbox.write("readme.txt", user.read("readme.txt").replace("ten", "TEN"));
        sandbox.commit("feat: ten");
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);
        user.git("checkout", "-q", "-b", "side");
        user.write("readme.txt", user.read("readme.txt").replace("one", "ONE"));
        user.commit("side");
        user.git("checkout", "-q", "main");
        user.write("other.txt", "x\n");
        user.commit("main goes on");

        Answer refused = call("POST", "/workspaces/" + id + "/git/merge", Map.of("branch", "side", "strategy", "ff"));
        Answer merged = call("POST", "/workspaces/" + id + "/git/merge", Map.of("branch", "side"));
        Answer rebased = call("POST", "/sessions/" + session + "/rebase", null);
        Answer diff = call("GET", "/sessions/" + session + "/diff", null);
        Answer applied = call("POST", "/workspaces/" + id + "/git/merge", Map.of("session", session));

        assertThat(refused.status()).isEqualTo(409);
        assertThat(user.git("rev-list", "--parents", "-1", merged.text("commit"))
                        .split(" "))
                .hasSize(3);
        assertThat(rebased.body()).containsEntry("baseCommit", merged.text("commit"));
        assertThat(diff.list("files")).extracting(file -> file.get("path")).containsExactly("readme.txt");
        assertThat(applied.status()).isEqualTo(200);
        assertThat(user.read("readme.txt")).startsWith("ONE\n").endsWith("TEN\n");
        assertThat(user.git("status", "--porcelain")).isEmpty();
    }

    @Test
    void aDeletedProjectTakesItsWorkspacesAlong() {
        Shell user = Shell.repository(playground.resolve("project"));
        Answer created = call(
                user("doomed"),
                "POST",
                "/internal/projects/doomed/workspaces",
                Map.of("path", user.folder().toString()));

        transactions.executeWrite(status -> outbox.append("doomed", "doomed", new ProjectDeletionRequested("u1")));

        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        call(user("doomed"), "GET", "/internal/projects/doomed/workspaces/" + created.text("id"), null)
                                        .status()
                                == 404);
        assertThat(user.read("readme.txt")).isNotEmpty();
    }

    private long caches() {
        Path folder = home().resolve("git/p");
        String[] names = folder.toFile().list((parent, name) -> name.endsWith(".git"));
        return names == null ? 0 : names.length;
    }
}
