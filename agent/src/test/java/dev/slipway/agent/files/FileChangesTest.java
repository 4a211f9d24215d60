package dev.slipway.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.agent.git.Git;
import dev.slipway.agent.http.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are moved, removed, found and packed, and none of it reaches beyond the work tree. */
class FileChangesTest {
    @TempDir
    private Path folder;

    private Path root;
    private Git git;
    private WorkspaceFiles files;

    @BeforeEach
    void makeTree() throws Exception {
        root = Files.createDirectories(folder.resolve("workspace"));
        git = new Git(root, Map.of());
        Files.createDirectories(root.resolve("src/deep"));
        Files.writeString(root.resolve("src/deep/Session.java"), "class Session {}\n");
        Files.writeString(root.resolve("README.md"), "first\n");
        Files.writeString(root.resolve(".gitignore"), "node_modules\n");
        git(List.of("init", "-q", "-b", "main"));
        git(List.of("add", "-A"));
        git(List.of("-c", "user.name=T", "-c", "user.email=t@t", "commit", "-q", "-m", "first"));
        Files.createDirectories(root.resolve("node_modules"));
        Files.writeString(root.resolve("node_modules/Session.js"), "x");
        Files.writeString(folder.resolve("outside.txt"), "outside");
        Files.createSymbolicLink(root.resolve("out"), folder);
        files = new WorkspaceFiles(root);
    }

    @Test
    void aFileMovesWithTheFoldersAboveItMade() throws Exception {
        files.rename("README.md", "docs/new/INDEX.md");

        assertThat(root.resolve("docs/new/INDEX.md")).hasContent("first");
        assertThat(root.resolve("README.md")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "README.md, ../stolen, 400",
        "README.md, out/stolen, 400",
        "README.md, .git/hooks/pre-commit, 400",
        "README.md, src/deep/Session.java, 409",
        "out/outside.txt, here, 400",
        ".git, gone, 400",
        "src, src/deep/src, 400",
        "nothing, here, 404"
    })
    void aMoveThatLeadsOutsideOrOverSomethingIsRefused(String from, String to, int status) {
        isRefused(status, () -> files.rename(from, to));
        assertThat(root.resolve("README.md")).hasContent("first");
    }

    @Test
    void removingALinkLeavesAloneWhatItLeadsTo() throws Exception {
        JsonNode answer = files.delete("out");

        assertThat(answer.path("type").asText()).isEqualTo("file");
        assertThat(Files.exists(root.resolve("out"), LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(folder.resolve("outside.txt")).hasContent("outside");
    }

    @Test
    void aFolderIsRemovedWithAllInItAndLinksAreNotFollowed() throws Exception {
        Files.createSymbolicLink(root.resolve("src/deep/out"), folder);

        assertThat(files.delete("src").path("type").asText()).isEqualTo("directory");

        assertThat(root.resolve("src")).doesNotExist();
        assertThat(folder.resolve("outside.txt")).hasContent("outside");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".git", ".GIT/config", "out/outside.txt", "/etc/passwd", "src/../../x"})
    void nothingElseIsRemoved(String path) {
        isRefused(400, () -> files.delete(path));
    }

    @Test
    void whatIsMeantIsFoundFirstAndWhatGitIgnoresNever() throws Exception {
        JsonNode found = new FileSearch(git).find("session", 10).path("results");

        assertThat(paths(found)).first().isEqualTo("src/deep/Session.java");
        assertThat(paths(found)).noneMatch(path -> path.startsWith("node_modules"));
        assertThat(paths(new FileSearch(git).find("sdsj", 10).path("results")))
                .containsExactly("src/deep/Session.java");
        assertThat(paths(new FileSearch(git).find("deep", 10).path("results")))
                .containsExactly("src/deep", "src/deep/Session.java");
        assertThat(new FileSearch(git).find("e", 1).path("results")).hasSize(1);
    }

    @Test
    void theBaseShowsAFileAsItWas() throws Exception {
        String base = git.run(Duration.ofSeconds(10), "rev-parse", "HEAD").strip();
        files.write("README.md", "second\n", "utf8");
        files.write("new.txt", "new\n", "utf8");

        BaseFiles before = new BaseFiles(git, base);

        assertThat(before.read("README.md").path("content").asText()).isEqualTo("first\n");
        isRefused(404, () -> before.read("new.txt"));
    }

    @Test
    void anArchiveHoldsTheFilesAndNotGits() throws Exception {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();

        new FileArchive(files.folder(".")).writeTo(archive);

        Path file = folder.resolve("a.tar.gz");
        Files.write(file, archive.toByteArray());
        Process tar = new ProcessBuilder("tar", "-tzf", file.toString()).start();
        List<String> names = tar.inputReader().lines().toList();
        assertThat(names).contains("./README.md", "./src/deep/Session.java", "./out");
        assertThat(names).noneMatch(name -> name.startsWith("./.git/") || name.contains("outside.txt"));
    }

    private static List<String> paths(JsonNode results) {
        List<String> paths = new ArrayList<>();
        results.forEach(result -> paths.add(result.path("path").asText()));
        return paths;
    }

    private void git(List<String> arguments) throws IOException, InterruptedException {
        git.run(Duration.ofSeconds(10), _ -> {}, arguments);
    }

    private static void isRefused(int status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(status));
    }
}
