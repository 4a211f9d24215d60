package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** How a session's work joins what the user did meanwhile. */
@NullMarked
@MicronautTest(transactional = false)
class ApplyTest extends ServiceTest {
    private record Stage(Shell user, String session, Shell sandbox) {
        void work(String message) {
            sandbox.commit(message);
            sandbox.git("push", "-q", "--force", "origin", "HEAD:refs/heads/slipway/" + session);
        }
    }

    private Stage stage(String name) {
        Shell user = Shell.repository(playground.resolve(name));
        String session = session(workspace(user.folder().toString()));
        return new Stage(user, session, sandboxClone(session));
    }

    private Answer apply(Stage stage, Map<String, Object> body) {
        return call("POST", "/sessions/" + stage.session() + "/apply", body);
    }

    @Test
    void aSecondApplyBringsOnlyWhatIsNewAndAThirdNothing() {
        Stage stage = stage("repeated");
        stage.sandbox().write("a.txt", "a\n");
        stage.work("feat: a");
        apply(stage, Map.of());
        stage.sandbox().write("b.txt", "b\n");
        stage.work("feat: b");

        Answer second = apply(stage, Map.of());
        Answer third = apply(stage, Map.of());

        assertThat(stage.user().git("show", "--format=%s", "--name-only", "HEAD"))
                .isEqualTo("feat: b\n\nb.txt");
        assertThat(third.body())
                .isEqualTo(Map.of("ok", true, "commit", second.text("commit"), "branch", "main", "changed", false));
        assertThat(stage.user().git("rev-list", "--count", "HEAD")).isEqualTo("3");
    }

    @Test
    void workJoinsCommitsThatTheUserMadeMeanwhile() {
        Stage stage = stage("moved");
        stage.sandbox().write("readme.txt", stage.user().read("readme.txt").replace("one", "ONE"));
        stage.work("feat: loud one");
        stage.user().write("readme.txt", stage.user().read("readme.txt").replace("ten", "TEN"));
        stage.user().commit("mine");

        Answer applied = apply(stage, Map.of());

        assertThat(applied.status()).isEqualTo(200);
        assertThat(stage.user().read("readme.txt")).startsWith("ONE\ntwo").endsWith("nine\nTEN\n");
        assertThat(stage.user().git("log", "-2", "--format=%s")).isEqualTo("feat: loud one\nmine");
    }

    @Test
    void aConflictNamesTheFilesAndChangesNothing() {
        Stage stage = stage("conflict");
        stage.sandbox().write("readme.txt", stage.user().read("readme.txt").replace("two", "theirs"));
        stage.sandbox().write("fine.txt", "fine\n");
        stage.work("feat: theirs");
        stage.user().write("readme.txt", stage.user().read("readme.txt").replace("two", "ours"));
        String before = stage.user().commit("ours");

        Answer applied = apply(stage, Map.of());

        assertThat(applied.status()).isEqualTo(409);
        assertThat(applied.list("errors"))
                .extracting(error -> error.get("field"))
                .containsExactly("readme.txt");
        assertThat(stage.user().head()).isEqualTo(before);
        assertThat(stage.user().git("status", "--porcelain")).isEmpty();
    }

    @Test
    void uncommittedChangesInAFileConcernedAreKeptAndSaidAndOthersDoNotMatter() {
        Stage stage = stage("dirty");
        stage.sandbox().write("readme.txt", stage.user().read("readme.txt").replace("two", "TWO"));
        stage.sandbox().write("new.txt", "theirs\n");
        stage.work("feat: both");
        stage.user().write("readme.txt", stage.user().read("readme.txt").replace("ten", "ten!"));
        stage.user().write("new.txt", "mine, untracked\n");
        stage.user().write("elsewhere.txt", "mine too\n");
        String before = stage.user().head();

        Answer refused = apply(stage, Map.of());
        String readme = stage.user().read("readme.txt");
        stage.user().git("checkout", "-q", "readme.txt");
        stage.user().git("clean", "-q", "-f", "new.txt");
        Answer applied = apply(stage, Map.of());

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.list("errors"))
                .extracting(error -> error.get("field"))
                .containsExactlyInAnyOrder("readme.txt", "new.txt");
        assertThat(readme).contains("ten!");
        assertThat(applied.status()).isEqualTo(200);
        assertThat(stage.user().git("rev-parse", "HEAD^")).isEqualTo(before);
        assertThat(stage.user().git("status", "--porcelain")).isEqualTo("?? elsewhere.txt");
    }

    @Test
    void aFileThatIsIgnoredButThereIsNotOverwritten() {
        Stage stage = stage("ignored");
        stage.sandbox().write("secret.env", "theirs\n");
        stage.work("feat: env");
        stage.user().write(".git/info/exclude", "secret.env\n");
        stage.user().write("secret.env", "mine\n");

        Answer refused = apply(stage, Map.of());

        assertThat(refused.status()).isEqualTo(409);
        assertThat(stage.user().read("secret.env")).isEqualTo("mine\n");
    }

    @Test
    void chosenFilesComeAloneAndTheRestLater() {
        Stage stage = stage("files");
        stage.sandbox().write("a.txt", "a\n");
        stage.sandbox().write("b.txt", "b\n");
        stage.sandbox().git("rm", "-q", "readme.txt");
        stage.work("feat: three things");

        apply(stage, Map.of("select", List.of(Map.of("file", "a.txt"))));
        String afterOne = stage.user().git("ls-files");
        apply(stage, Map.of());

        assertThat(afterOne).isEqualTo("a.txt\nreadme.txt");
        assertThat(stage.user().git("ls-files")).isEqualTo("a.txt\nb.txt");
        assertThat(stage.user().git("rev-list", "--count", "HEAD")).isEqualTo("3");
    }

    @Test
    void chosenHunksComeAloneAndTheRestLater() {
        Stage stage = stage("hunks");
        String original =
                "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n21\n22\n23\n24\n25\n26\n27\n28\n29\n30\n";
        stage.sandbox().write("numbers.txt", original);
        stage.work("feat: numbers");
        apply(stage, Map.of());
        String later = session(workspaceOf(stage));
        Shell sandbox = sandboxClone(later);
        Stage next = new Stage(stage.user(), later, sandbox);
        sandbox.write(
                "numbers.txt",
                original.replace("\n2\n", "\ntwo\n")
                        .replace("\n15\n", "\nfifteen\n")
                        .replace("\n28\n", "\ntwenty-eight\n"));
        next.work("feat: words");

        apply(next, Map.of("select", List.of(Map.of("file", "numbers.txt", "hunks", List.of(1)))));
        String afterOne = stage.user().read("numbers.txt");
        apply(next, Map.of("select", List.of(Map.of("file", "numbers.txt", "hunks", List.of(0, 1)))));
        String afterTwo = stage.user().read("numbers.txt");
        Answer wrong = apply(next, Map.of("select", List.of(Map.of("file", "numbers.txt", "hunks", List.of(3)))));
        apply(next, Map.of());

        assertThat(afterOne).isEqualTo(original.replace("\n15\n", "\nfifteen\n"));
        assertThat(afterTwo).isEqualTo(original.replace("\n15\n", "\nfifteen\n").replace("\n2\n", "\ntwo\n"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(stage.user().read("numbers.txt")).isEqualTo(sandbox.read("numbers.txt"));
    }

    @Test
    void binaryFilesAndOddNamesComeUnchanged() throws Exception {
        Stage stage = stage("binary");
        byte[] bytes = new byte[4_096];
        new java.util.Random(7).nextBytes(bytes);
        java.nio.file.Files.write(stage.sandbox().folder().resolve("käse bild.bin"), bytes);
        stage.sandbox().write("-rf", "a name like an option\n");
        stage.sandbox().write(":(top)magic", "a name like a pathspec\n");
        stage.work("feat: odd");

        apply(
                stage,
                Map.of(
                        "select",
                        List.of(
                                Map.of("file", "käse bild.bin"),
                                Map.of("file", "-rf"),
                                Map.of("file", ":(top)magic"))));

        assertThat(java.nio.file.Files.readAllBytes(stage.user().folder().resolve("käse bild.bin")))
                .isEqualTo(bytes);
        assertThat(stage.user().read("-rf")).isEqualTo("a name like an option\n");
        assertThat(stage.user().git("status", "--porcelain")).isEmpty();
    }

    @Test
    void workMayGoToAnotherBranchWithoutTouchingTheFiles() {
        Stage stage = stage("target");
        stage.sandbox().write("a.txt", "a\n");
        stage.work("feat: a");
        String before = stage.user().head();

        Answer applied = apply(stage, Map.of("target", "review/a", "commitMessage", "For review"));

        assertThat(applied.body()).containsEntry("branch", "review/a");
        assertThat(stage.user().git("rev-parse", "review/a")).isEqualTo(applied.text("commit"));
        assertThat(stage.user().git("log", "-1", "--format=%s", "review/a")).isEqualTo("For review");
        assertThat(stage.user().head()).isEqualTo(before);
        assertThat(stage.user().folder().resolve("a.txt")).doesNotExist();
    }

    @Test
    void twentySessionsPushAndApplyAtOnceAndNothingIsLost() throws Exception {
        Shell user = Shell.repository(playground.resolve("crowd"));
        String workspace = workspace(user.folder().toString());
        List<String> sessions =
                IntStream.range(0, 20).mapToObj(index -> session(workspace)).toList();
        List<Integer> statuses = new ArrayList<>();

        try (var threads = Executors.newFixedThreadPool(20)) {
            List<Callable<Integer>> tasks = sessions.stream()
                    .<Callable<Integer>>map(session -> () -> workAndApply(session))
                    .toList();
            for (Future<Integer> done : threads.invokeAll(tasks)) {
                statuses.add(done.get());
            }
        }

        assertThat(statuses).containsOnly(200);
        assertThat(user.git("rev-list", "--count", "HEAD")).isEqualTo("21");
        assertThat(user.git("ls-files").lines()).hasSize(21);
        assertThat(user.git("status", "--porcelain")).isEmpty();
        assertThat(user.attempt("fsck", "--full", "--strict").exit()).isZero();
    }

    private int workAndApply(String session) {
        Stage stage = new Stage(new Shell(playground), session, sandboxClone(session));
        stage.sandbox().write("by-" + session + ".txt", session + "\n");
        stage.work("feat: " + session);
        return apply(stage, Map.of()).status();
    }

    private String workspaceOf(Stage stage) {
        return call("GET", "/workspaces", null).list("workspaces").stream()
                .filter(workspace -> stage.user().folder().toString().equals(workspace.get("path")))
                .map(workspace -> String.valueOf(workspace.get("id")))
                .findFirst()
                .orElseThrow();
    }
}
