package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Differences of any size and kind are what git says, whole, streamed or by pages. */
@NullMarked
@MicronautTest(transactional = false)
class BigDiffTest extends ServiceTest {
    private static String patches(List<Map<String, Object>> files) {
        return files.stream().map(file -> String.valueOf(file.get("patch"))).collect(Collectors.joining());
    }

    @Test
    void twentyThousandLinesAndLinesLongerThanAnyBufferComeWhole() {
        Shell user = Shell.repository(playground.resolve("big"));
        user.write(
                "big.txt",
                IntStream.range(0, 20_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining()));
        user.write("wide.txt", "ü€𝄞\"\\\t".repeat(60_000) + "\nshort\n");
        String base = user.commit("big");
        String workspace = workspace(user.folder().toString());
        user.write(
                "big.txt",
                IntStream.range(0, 20_000).mapToObj(i -> "Line " + i + "\n").collect(Collectors.joining()));
        user.write("wide.txt", "€ü𝄞\"\\\t".repeat(60_000) + "\nshort\n");
        user.commit("bigger");
        String git = "/workspaces/" + workspace + "/git";

        Answer diff = call("GET", git + "/diff?base=" + base + "&head=HEAD", null);

        assertThat(diff.list("diffs"))
                .extracting(file -> file.get("path") + " " + file.get("additions") + " " + file.get("deletions"))
                .containsExactly("big.txt 20000 20000", "wide.txt 1 1");
        assertThat(patches(diff.list("diffs")).strip()).isEqualTo(user.git("diff", "--full-index", base, "HEAD"));
        assertThat(diff.list("diffs").getFirst()).doesNotContainKey("note");
    }

    @Test
    void everyKindOfChangeIsToldAndCountedAsGitDoes() throws IOException {
        Shell user = Shell.repository(playground.resolve("kinds"));
        user.write("moved.txt", "a\nb\nc\nd\ne\nf\ng\n");
        user.write("gone.txt", "-- sql comment\n++ plus\n@@ at\n");
        user.write("mode.sh", "#!/bin/sh\n");
        user.write("crlf.txt", "a\r\nb\r\n");
        user.write("typed", "a file\n");
        user.write("diff --git a/x b/x.txt", "odd name\n");
        Files.write(user.folder().resolve("latin.txt"), "gr\u00fc\u00df\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(user.folder().resolve("binary.bin"), new byte[] {0, 1, 2});
        user.commit("before");
        String workspace = workspace(user.folder().toString());
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        sandbox.git("mv", "moved.txt", "renamed.txt");
        sandbox.write("renamed.txt", "a\nb\nc\nd\ne\nf\nG\n");
        sandbox.git("rm", "-q", "gone.txt");
        assertThat(sandbox.folder().resolve("mode.sh").toFile().setExecutable(true))
                .isTrue();
        sandbox.write("crlf.txt", "a\r\nB\r\n");
        sandbox.write("diff --git a/x b/x.txt", "odd name\ndiff --git a/y b/y\n* Unmerged path z\n");
        Files.delete(sandbox.folder().resolve("typed"));
        Files.createSymbolicLink(sandbox.folder().resolve("typed"), java.nio.file.Path.of("mode.sh"));
        Files.write(sandbox.folder().resolve("binary.bin"), new byte[] {0, 1, 3});
        Files.write(sandbox.folder().resolve("latin.txt"), "gr\u00fc\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1));
        sandbox.write("empty.txt", "");
        sandbox.commit("feat: everything");
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);

        Answer diff = call("GET", "/sessions/" + session + "/diff", null);
        Answer link = call("GET", "/sessions/" + session + "/diff?path=typed", null);
        Answer moved = call("GET", "/sessions/" + session + "/diff?path=renamed.txt", null);
        Answer unchanged = call("GET", "/sessions/" + session + "/diff?path=readme.txt", null);

        assertThat(diff.list("files"))
                .extracting(file -> file.get("path") + " " + file.get("status") + " " + file.get("additions") + " "
                        + file.get("deletions") + " " + file.get("binary"))
                .containsExactly(
                        "binary.bin modified 0 0 true",
                        "crlf.txt modified 1 1 false",
                        "diff --git a/x b/x.txt modified 2 0 false",
                        "empty.txt added 0 0 false",
                        "gone.txt deleted 0 3 false",
                        "latin.txt modified 1 1 false",
                        "mode.sh modified 0 0 false",
                        "renamed.txt renamed 1 1 false",
                        "typed modified 1 1 false");
        assertThat(patches(diff.list("files")).strip())
                .isEqualTo(sandbox.git("diff", "-M", "--full-index", "HEAD^", "HEAD"));
        assertThat(diff.body().get("stats")).isEqualTo(Map.of("filesChanged", 9, "additions", 6, "deletions", 7));
        assertThat(link.text("patch")).contains("deleted file mode 100644", "new file mode 120000");
        assertThat(moved.text("patch")).contains("rename from moved.txt");
        assertThat(moved.body()).containsEntry("oldPath", "moved.txt");
        assertThat(unchanged.body()).containsEntry("status", "unchanged").containsEntry("patch", "");
    }

    @Test
    void aDifferenceIsReadByPagesAndAsAPlainPatch() {
        Shell user = Shell.repository(playground.resolve("pages"));
        String workspace = workspace(user.folder().toString());
        String base = user.head();
        for (int file = 0; file < 7; file++) {
            user.write("f" + file + ".txt", "x\n".repeat(file + 1));
        }
        user.commit("seven");
        String path = "/workspaces/" + workspace + "/git/diff?base=" + base + "&head=HEAD";

        List<Map<String, Object>> all = new ArrayList<>();
        int pages = 0;
        String cursor = "";
        do {
            Answer page = call("GET", path + "&limit=3" + cursor, null);
            all.addAll(page.list("diffs"));
            cursor = page.body().get("nextCursor") == null ? "" : "&cursor=" + page.text("nextCursor");
            pages++;
        } while (!cursor.isEmpty());
        String patch = text(path + "&format=patch");

        assertThat(pages).isEqualTo(3);
        assertThat(all).isEqualTo(call("GET", path, null).list("diffs"));
        assertThat(patch.strip()).isEqualTo(user.git("diff", "--full-index", base, "HEAD"));
        assertThat(call("GET", path + "&format=xml", null).status()).isEqualTo(400);
        assertThat(call("GET", "/workspaces/" + workspace + "/git/diff?base=nothing", null)
                        .status())
                .isEqualTo(404);
        assertThat(call("GET", "/workspaces/" + workspace + "/git/log?ref=nothing", null)
                        .status())
                .isEqualTo(404);
        assertThat(call("GET", "/workspaces/" + workspace + "/git/log?ref=%5EHEAD", null)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aFileWithConflictsIsComparedWithOurSideOfIt() {
        Shell user = Shell.repository(playground.resolve("conflicts"));
        String workspace = workspace(user.folder().toString());
        user.git("checkout", "-q", "-b", "side");
        user.write("readme.txt", "side\n");
        user.commit("side");
        user.git("checkout", "-q", "main");
        user.write("readme.txt", "main\n");
        user.write("zoo.txt", "zoo\n");
        user.commit("main");
        user.attempt("merge", "side");
        user.write("zoo.txt", "zoos\n");

        Answer diff = call("GET", "/workspaces/" + workspace + "/git/diff", null);

        assertThat(diff.list("diffs"))
                .extracting(file -> file.get("path") + " " + file.get("additions") + " " + file.get("deletions"))
                .containsExactly("readme.txt 4 0", "zoo.txt 1 1");
    }
}
