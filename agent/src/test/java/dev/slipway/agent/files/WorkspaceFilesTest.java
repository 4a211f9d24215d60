package dev.slipway.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.http.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No path leads out of the work tree, and what is in it comes back as it is. */
class WorkspaceFilesTest {
    @TempDir
    private Path folder;

    private Path root;
    private WorkspaceFiles files;

    @BeforeEach
    void makeTree() throws IOException {
        root = Files.createDirectories(folder.resolve("workspace"));
        Files.createDirectories(root.resolve("src/deep"));
        Files.createDirectories(root.resolve(".git"));
        Files.writeString(root.resolve(".git/config"), "secret");
        Files.writeString(root.resolve("src/a.txt"), "grüße\n");
        Files.writeString(root.resolve(".hidden"), "h");
        Files.writeString(folder.resolve("outside.txt"), "outside");
        Files.createSymbolicLink(root.resolve("out"), folder);
        Files.createSymbolicLink(root.resolve("outfile"), folder.resolve("outside.txt"));
        Files.createSymbolicLink(root.resolve("in"), Path.of("src"));
        Files.createSymbolicLink(root.resolve("git"), Path.of(".git"));
        Files.createSymbolicLink(root.resolve("dangling"), folder.resolve("not-there"));
        files = new WorkspaceFiles(root);
    }

    private static void isRefused(int status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside.txt",
                "src/../../outside.txt",
                "/etc/passwd",
                "out/outside.txt",
                "outfile",
                "git/config",
                ".git/config",
                ".GIT/config",
                "src/\0",
                "out/.."
            })
    void aPathThatLeadsOutsideIsRefusedForReading(String path) {
        isRefused(400, () -> files.read(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../new.txt",
                "/tmp/new.txt",
                "out/new.txt",
                "outfile",
                "git/new",
                ".git/new",
                "dangling",
                "dangling/new",
                "src/a.txt/new",
                "src",
                ""
            })
    void aPathThatLeadsOutsideIsRefusedForWriting(String path) {
        isRefused(400, () -> files.write(path, "x", "utf8"));

        assertThat(folder.resolve("new.txt")).doesNotExist();
        assertThat(folder.resolve("not-there")).doesNotExist();
        assertThat(folder.resolve("outside.txt")).hasContent("outside");
    }

    @Test
    void aLinkThatStaysInsideIsFollowed() throws Exception {
        assertThat(files.read("in/a.txt").path("content").asText()).isEqualTo("grüße\n");
    }

    @Test
    void listsFoldersFirstAndHiddenNamesOnlyWhenAskedAndGitNever() throws Exception {
        assertThat(files.list("src", false).path("entries").toString())
                .isEqualTo(
                        "[{\"name\":\"deep\",\"type\":\"directory\"},{\"name\":\"a.txt\",\"type\":\"file\",\"size\":8}]");
        assertThat(files.list(".", false).toString()).doesNotContain("hidden");
        assertThat(files.list("", true).toString()).contains(".hidden").doesNotContain("\".git\"");
        isRefused(400, () -> files.list("src/a.txt", false));
        isRefused(404, () -> files.list("nope", false));
    }

    @Test
    void whatIsNoTextComesInBase64AndGoesBackTheSame() throws Exception {
        byte[] bytes = {(byte) 0xff, 0, 1, (byte) 0xc3};
        Files.write(root.resolve("b.bin"), bytes);
        var read = files.read("b.bin");

        files.write(
                "copy/b.bin",
                read.path("content").asText(),
                read.path("encoding").asText());

        assertThat(read.path("encoding").asText()).isEqualTo("base64");
        assertThat(root.resolve("copy/b.bin")).hasBinaryContent(bytes);
    }

    @Test
    void aFileBeyondTheLimitIsRefused() throws Exception {
        Files.write(root.resolve("big"), new byte[WorkspaceFiles.FILE_BYTES_MAX + 1]);
        Files.write(root.resolve("fits"), new byte[WorkspaceFiles.FILE_BYTES_MAX]);

        isRefused(413, () -> files.read("big"));
        assertThat(files.read("fits").path("size").asInt()).isEqualTo(WorkspaceFiles.FILE_BYTES_MAX);
    }

    @Test
    void aRewrittenFileKeepsItsExecutableBit() throws Exception {
        Path script = Files.writeString(root.resolve("run.sh"), "a");
        assertThat(script.toFile().setExecutable(true)).isTrue();

        files.write("run.sh", "b", "");

        assertThat(script).isExecutable().hasContent("b");
    }
}
