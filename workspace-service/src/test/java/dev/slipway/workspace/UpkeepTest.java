package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.kit.job.JobQueue;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Caches are kept small and whole, and nothing that a dead process left stands in the way. */
@NullMarked
@MicronautTest(transactional = false)
class UpkeepTest extends ServiceTest {
    @Inject
    private JobQueue jobs;

    private Path caches() {
        return Path.of(server.getApplicationContext().getRequiredProperty("slipway.home", String.class), "git/p");
    }

    private Shell cache(String workspace) {
        return new Shell(caches().resolve(repository(workspace) + ".git"));
    }

    private String repository(String workspace) {
        return one("SELECT repository_id FROM workspace WHERE id = '" + workspace + "'");
    }

    private String one(String sql) {
        return transactions.executeRead(status -> jdbc.prepareStatement(sql, select -> {
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? String.valueOf(row.getString(1)) : "";
            }
        }));
    }

    private void run(String kind, String key) {
        transactions.executeWrite(status -> {
            jobs.add(kind, key, "{}");
            return key;
        });
    }

    private void pushes(String session, int count) {
        Shell sandbox = sandboxClone(session);
        for (int push = 0; push < count; push++) {
            sandbox.write("f" + push + ".txt", "x\n".repeat(push + 1));
            sandbox.commit("feat: " + push);
            sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);
        }
    }

    private void repack(String workspace) {
        String repository = repository(workspace);
        run("repository.repack", repository);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !one("SELECT maintained_at FROM repository WHERE id = '" + repository + "'")
                        .equals("null"));
    }

    @Test
    void aCacheBecomesOnePackAndAllThatWasInItStays() {
        Shell user = Shell.repository(playground.resolve("packed"));
        String workspace = workspace(user.folder().toString());
        String session = session(workspace);
        pushes(session, 5);
        call("POST", "/sessions/" + session + "/apply", Map.of("select", java.util.List.of(Map.of("file", "f1.txt"))));
        Shell cache = cache(workspace);
        String refs = cache.git("for-each-ref", "refs/namespaces", "refs/slipway/applied");
        String before = cache.git("count-objects", "-v");

        repack(workspace);

        assertThat(before).doesNotContain("count: 0\n");
        assertThat(cache.git("count-objects", "-v")).contains("packs: 1\n");
        assertThat(cache.git("fsck", "--full", "--strict")).doesNotContain("missing", "error", "broken");
        assertThat(refs.lines().toList())
                .isSubsetOf(cache.git("for-each-ref").lines().toList());
        assertThat(call("GET", "/sessions/" + session + "/checkpoints", null).list("checkpoints"))
                .hasSize(5);
        assertThat(sandboxClone(session).read("f4.txt")).isEqualTo("x\n".repeat(5));
    }

    @Test
    void aCloneKeepsWhatItBorrowsThoughTheRemoteThrewItAway() {
        Shell origin = Shell.repository(playground.resolve("rewritten"));
        origin.write("old.txt", "old\n");
        String old = origin.commit("old");
        String workspace = workspace("file://" + origin.folder());
        Shell clone =
                new Shell(Path.of(call("GET", "/workspaces/" + workspace, null).text("workDir")));
        origin.git("reset", "-q", "--hard", "HEAD^");
        origin.write("new.txt", "new\n");
        origin.commit("new");
        call("POST", "/workspaces/" + workspace + "/git/fetch", null);

        repack(workspace);

        assertThat(clone.head()).isEqualTo(old);
        assertThat(clone.git("fsck", "--full")).doesNotContain("missing", "error", "broken");
        assertThat(clone.git("show", "HEAD:old.txt")).isEqualTo("old");
    }

    @Test
    void cachesThatNobodyKnowsAreRemovedAndYoungOnesLeft() throws IOException {
        Shell user = Shell.repository(playground.resolve("known"));
        String workspace = workspace(user.folder().toString());
        Path orphan = Files.createDirectories(caches().resolve("r-orphan.git"));
        Path half = Files.createDirectories(caches().resolve("r-half.git.new"));
        Path young = Files.createDirectories(caches().resolve("r-young.git"));
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
        Files.setLastModifiedTime(orphan, old);
        Files.setLastModifiedTime(half, old);

        run("caches.sweep", "all");

        await().atMost(Duration.ofSeconds(30)).until(() -> !Files.exists(orphan) && !Files.exists(half));
        assertThat(young).exists();
        assertThat(cache(workspace).folder()).exists();
    }

    @Test
    void whatAKilledPushLeftInQuarantineIsRemovedWhenItIsOld() throws IOException {
        Shell user = Shell.repository(playground.resolve("quarantined"));
        Path objects = cache(workspace(user.folder().toString())).folder().resolve("objects");
        Path dead = Files.createDirectories(objects.resolve("tmp_objdir-incoming-dEaD01/pack"));
        Files.writeString(dead.resolve("tmp_pack_dEaD02"), "half");
        Path alive = Files.createDirectories(objects.resolve("tmp_objdir-incoming-aLiVe3"));
        Files.setLastModifiedTime(dead.getParent(), FileTime.from(Instant.now().minus(Duration.ofHours(3))));

        run("caches.sweep", "all");

        await().atMost(Duration.ofSeconds(30)).until(() -> !Files.exists(dead.getParent()));
        assertThat(alive).exists();
    }

    @Test
    void aLockOfADeadProcessDoesNotBlock() throws IOException {
        Shell user = Shell.repository(playground.resolve("locked"));
        String workspace = workspace(user.folder().toString());
        String session = session(workspace);
        Path cache = cache(workspace).folder();
        String branch = "refs/namespaces/" + session + "/refs/heads/slipway/" + session + ".lock";
        FileTime dead = FileTime.from(Instant.now().minus(Duration.ofMinutes(1)));
        FileTime nearlyDead = FileTime.from(Instant.now().minus(Duration.ofSeconds(27)));
        Files.setLastModifiedTime(Files.createFile(cache.resolve(branch)), dead);
        Files.createDirectories(cache.resolve("refs/slipway/applied/" + session));

        pushes(session, 1);
        Path applied = Files.createFile(cache.resolve("refs/slipway/applied/" + session + "/tree.lock"));
        Files.setLastModifiedTime(applied, nearlyDead);
        Answer answer = call("POST", "/sessions/" + session + "/apply", null);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(user.read("f0.txt")).isEqualTo("x\n");
        assertThat(applied).doesNotExist();
    }
}
