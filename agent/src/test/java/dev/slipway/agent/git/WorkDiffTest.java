package dev.slipway.agent.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has changed since the session's base, in a real repository. */
class WorkDiffTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Git git;
    private String base;

    @BeforeEach
    void makeRepository() throws Exception {
        git = new Git(
                folder,
                Map.of(
                        "GIT_AUTHOR_NAME",
                        "a",
                        "GIT_AUTHOR_EMAIL",
                        "a@b",
                        "GIT_COMMITTER_NAME",
                        "a",
                        "GIT_COMMITTER_EMAIL",
                        "a@b"));
        git.run(SOON, "init", "-q");
        Files.writeString(folder.resolve("keep.txt"), "1\n2\n3\n");
        Files.writeString(folder.resolve("gone.txt"), "x\n");
        Files.writeString(folder.resolve("old name.txt"), "a long enough text\nto be recognised\nwhen it moves\n");
        git.run(SOON, "add", "-A");
        git.run(SOON, "commit", "-q", "-m", "base");
        base = git.run(SOON, "rev-parse", "HEAD").strip();
    }

    @Test
    void showsCommittedAndUncommittedAndNewAndRenamedAndBinaryFiles() throws Exception {
        Files.writeString(folder.resolve("keep.txt"), "1\n2 changed\n3\n");
        git.run(SOON, "commit", "-qam", "committed");
        Files.delete(folder.resolve("gone.txt"));
        Files.move(folder.resolve("old name.txt"), folder.resolve("new näme.txt"));
        Files.writeString(folder.resolve("added.txt"), "diff --git a/x b/x\nfake head\n");
        Files.write(folder.resolve("b.bin"), new byte[] {0, 1, 2});

        JsonNode diff = new WorkDiff(git, folder).all(base, true);

        assertThat(diff.path("stats").toString()).isEqualTo("{\"filesChanged\":5,\"additions\":3,\"deletions\":2}");
        JsonNode files = diff.path("files");
        assertThat(files.findValuesAsText("path"))
                .containsExactly("added.txt", "b.bin", "gone.txt", "keep.txt", "new näme.txt");
        assertThat(files.findValuesAsText("status"))
                .containsExactly("added", "added", "deleted", "modified", "renamed");
        assertThat(files.get(1).path("binary").asBoolean()).isTrue();
        assertThat(files.get(3).path("patch").asText())
                .contains("-2\n+2 changed\n")
                .doesNotContain("new näme");
        assertThat(files.get(4).path("oldPath").asText()).isEqualTo("old name.txt");
    }

    @Test
    void lookingChangesNothing() throws Exception {
        Files.writeString(folder.resolve("added.txt"), "x\n");

        new WorkDiff(git, folder).all(base, false);

        assertThat(git.run(SOON, "status", "--porcelain")).isEqualTo("?? added.txt\n");
    }

    @Test
    void oneFileIsShownAloneAndSaysWhenItIsUnchanged() throws Exception {
        Files.writeString(folder.resolve("keep.txt"), "1\n2\n3\n4\n");
        var diff = new WorkDiff(git, folder);

        assertThat(diff.one(base, "keep.txt").path("patch").asText()).endsWith(" 3\n+4\n");
        assertThat(diff.one(base, "gone.txt").path("status").asText()).isEqualTo("unchanged");
    }
}
