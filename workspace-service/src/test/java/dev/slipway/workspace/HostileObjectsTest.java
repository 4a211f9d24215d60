package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.workspace.git.Git;
import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Commits that are made to harm whoever stores, unfolds or reads them. The limits are small here, so that the harm is too. */
@NullMarked
@MicronautTest(transactional = false)
class HostileObjectsTest extends ServiceTest {
    private static final long OBJECT_MAX = 8 << 20;
    private static final int FILES_MAX = 2_000;

    @Inject
    private Repositories repositories;

    @Inject
    private Git git;

    @Override
    public Map<String, String> getProperties() {
        Map<String, String> properties = super.getProperties();
        properties.put("slipway.workspaces.object-bytes-max", Long.toString(OBJECT_MAX));
        properties.put("slipway.workspaces.tree-files-max", Integer.toString(FILES_MAX));
        properties.put("slipway.workspaces.tree-bytes-max", "67108864");
        properties.put("slipway.workspaces.remote-bytes-max", "16777216");
        properties.put("slipway.workspaces.git-memory-max", "268435456");
        return properties;
    }

    private record Place(Shell user, String session, Shell sandbox) {
        Shell.Said push() {
            return sandbox.attempt("push", "origin", "HEAD:refs/heads/slipway/" + session);
        }

        String branch() {
            return sandbox.git("ls-remote", "origin", "refs/heads/slipway/" + session);
        }
    }

    private Place place(String name) {
        Shell user = Shell.repository(playground.resolve(name));
        String session = session(workspace(user.folder().toString()));
        return new Place(user, session, sandboxClone(session));
    }

    private void nothingWasTouched(Place place) {
        assertThat(place.branch()).startsWith(place.user().head());
        assertThat(place.user().git("status", "--porcelain")).isEmpty();
        assertThat(events(place.session())).noneMatch(event -> event.contains("checkpoint.pushed"));
    }

    private static void zeros(Path file, long bytes) throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(bytes);
        }
    }

    @Test
    void aPackOfKilobytesThatUnfoldsToALargeFileIsRefusedAndNotKept() throws IOException {
        Place place = place("zeros");
        zeros(place.sandbox().folder().resolve("bomb.bin"), OBJECT_MAX + 1);
        place.sandbox().commit("bomb");
        String blob = place.sandbox().git("rev-parse", "HEAD:bomb.bin");

        Shell.Said said = place.push();
        // Later work without the file in its tip, but in its history.
        place.sandbox().git("rm", "-q", "bomb.bin");
        place.sandbox().commit("without");
        Shell.Said hidden = place.push();

        assertThat(said.exit()).isNotZero();
        assertThat(said.text())
                .contains("a file of " + (OBJECT_MAX + 1) + " bytes is too large", "Nothing was changed");
        assertThat(hidden.exit()).isNotZero();
        nothingWasTouched(place);
        Shell stranger = Shell.repository(folder().resolve("stranger"));
        assertThat(stranger.attempt("-c", header(place.session()), "fetch", url(place.session()), blob)
                        .exit())
                .as("it is not in the repository")
                .isNotZero();
    }

    @Test
    void aFewTreesThatNameEachOtherMillionsOfTimesAreRefused() {
        Place place = place("trees");
        Shell sandbox = place.sandbox();
        sandbox.write("one", "1\n");
        String entry = "100644 blob " + sandbox.git("hash-object", "-w", "one");
        String mode = "";
        for (int level = 0; level < 9; level++) {
            StringBuilder tree = new StringBuilder();
            for (int copy = 0; copy < 10; copy++) {
                tree.append(entry).append("\tn").append(copy).append('\n');
            }
            sandbox.write("../tree-" + level, tree.toString());
            entry = "040000 tree " + mktree(sandbox, "../tree-" + level);
        }
        String tree = entry.substring("040000 tree ".length());
        String commit = sandbox.git("commit-tree", "-p", "HEAD", "-m", "a billion files", tree);

        Shell.Said said = sandbox.attempt("push", "origin", commit + ":refs/heads/slipway/" + place.session());

        assertThat(said.exit()).isNotZero();
        assertThat(said.text()).contains("more than " + FILES_MAX + " files");
        nothingWasTouched(place);
    }

    private static String mktree(Shell shell, String file) {
        try {
            Process process = new ProcessBuilder("git", "mktree")
                    .directory(shell.folder().toFile())
                    .redirectInput(shell.folder().resolve(file).toFile())
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aDeltaThatAsksForGigabytesOfMemoryIsRefused() throws Exception {
        Place place = place("deltas");
        String before = place.user().head();
        byte[] pack = packOfADelta(1L << 30);

        HttpResponse<String> answer = receivePack(place.session(), before, "1".repeat(40), pack);

        assertThat(pack.length).isLessThan(64 << 10);
        assertThat(answer.body()).contains("unpack").doesNotContain("unpack ok");
        nothingWasTouched(place);
    }

    /** A base of 8 MB of zeros and a delta that copies it as often as it takes to be this large. */
    private static byte[] packOfADelta(long size) throws Exception {
        byte[] base = new byte[(int) OBJECT_MAX];
        MessageDigest sha = MessageDigest.getInstance("SHA-1");
        sha.update(("blob " + base.length + "\0").getBytes(StandardCharsets.US_ASCII));
        byte[] name = sha.digest(base);
        ByteArrayOutputStream delta = new ByteArrayOutputStream();
        number(delta, base.length);
        number(delta, size);
        for (long at = 0; at < size; at += OBJECT_MAX) {
            // Copy from offset 0; of the size only its third byte, since the others are zero.
            delta.write(0x80 | 0x40);
            delta.write((int) (OBJECT_MAX >> 16));
        }
        ByteArrayOutputStream pack = new ByteArrayOutputStream();
        pack.write(ByteBuffer.allocate(12)
                .put("PACK".getBytes(StandardCharsets.US_ASCII))
                .putInt(2)
                .putInt(2)
                .array());
        header(pack, 3, base.length);
        pack.write(deflated(base));
        header(pack, 7, delta.size());
        pack.write(name);
        pack.write(deflated(delta.toByteArray()));
        pack.write(MessageDigest.getInstance("SHA-1").digest(pack.toByteArray()));
        return pack.toByteArray();
    }

    private static void number(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>= 7;
        }
        out.write((int) rest);
    }

    private static void header(ByteArrayOutputStream out, int type, long size) {
        long rest = size >> 4;
        int first = type << 4 | (int) (size & 0xf);
        out.write(rest == 0 ? first : first | 0x80);
        if (rest > 0) {
            number(out, rest);
        }
    }

    private static byte[] deflated(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflating = new DeflaterOutputStream(out, new Deflater(9))) {
            deflating.write(bytes);
        }
        return out.toByteArray();
    }

    private HttpResponse<String> receivePack(String session, String from, String to, byte[] pack) throws Exception {
        String line = from + " " + to + " refs/heads/slipway/" + session + "\0 report-status";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(String.format("%04x%s0000", line.length() + 4, line).getBytes(StandardCharsets.US_ASCII));
        body.write(pack);
        String[] header =
                header(session).substring("http.extraHeader=".length()).split(": ");
        assertThat(header[0]).isEqualTo(IdentityTokens.HEADER);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url(session) + "/git-receive-pack"))
                            .header(header[0], header[1])
                            .header("Content-Type", "application/x-git-receive-pack-request")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void treesThatNameTheRepositorysOwnFolderOrAParentAreRefused() throws Exception {
        Place place = place("names");
        Shell sandbox = place.sandbox();
        sandbox.write("one", "1\n");
        byte[] blob = HexFormat.of().parseHex(sandbox.git("hash-object", "-w", "one"));

        for (String name : List.of(".git", ".GIT", "..", ".", "git~1", ".git\u200c", "a/b")) {
            ByteArrayOutputStream tree = new ByteArrayOutputStream();
            tree.write(("100755 " + name + "\0").getBytes(StandardCharsets.UTF_8));
            tree.write(blob);
            Path file = folder().resolve("tree");
            Files.write(file, tree.toByteArray());
            String id = sandbox.git("hash-object", "-t", "tree", "-w", "--literally", file.toString());
            String commit = sandbox.git("commit-tree", "-p", "HEAD", "-m", "names", id);

            Shell.Said said = sandbox.attempt("push", "origin", commit + ":refs/heads/slipway/" + place.session());

            assertThat(said.exit()).as(name).isNotZero();
        }
        nothingWasTouched(place);
    }

    @Test
    void aLinkThatIsAppliedLeadsNoLaterWorkOutOfTheWorkspace() throws Exception {
        Place place = place("links");
        Path outside = folder();
        Files.createSymbolicLink(place.sandbox().folder().resolve("way"), outside);
        place.sandbox().commit("a link");
        place.push();
        Answer link = call("POST", "/sessions/" + place.session() + "/apply", Map.of());
        Files.delete(place.sandbox().folder().resolve("way"));
        place.sandbox().write("way/pwned.txt", "x\n");
        place.sandbox().commit("through it");
        place.push();

        Answer through = call("POST", "/sessions/" + place.session() + "/apply", Map.of());

        assertThat(List.of(link.status(), through.status())).containsExactly(200, 200);
        assertThat(outside).isEmptyDirectory();
        assertThat(place.user().folder().resolve("way")).isDirectory();
        assertThat(Files.isSymbolicLink(place.user().folder().resolve("way"))).isFalse();
    }

    @Test
    void aFileWhoseNameHasALineFeedIsDataEverywhere() throws Exception {
        Place place = place("lines");
        String odd = "a\nM  readme.txt\t\"b";
        place.sandbox().write(odd, "odd\n");
        place.sandbox().commit("feat: an odd name");
        place.push();
        String git = "/workspaces/" + workspaceOf(place.user()) + "/git";

        Answer diff = call("GET", "/sessions/" + place.session() + "/diff", null);
        Answer chosen = call(
                "POST",
                "/sessions/" + place.session() + "/apply",
                Map.of("select", List.of(Map.of("file", "a\nM  readme.txt"))));
        Answer applied = call("POST", "/sessions/" + place.session() + "/apply", Map.of());
        place.user().write(odd, "odder\n");
        Answer status = call("GET", git + "/status", null);
        Answer files = call("GET", git + "/files?ref=HEAD", null);

        assertThat(diff.list("files")).extracting(file -> file.get("path")).containsExactly(odd);
        assertThat(chosen.status()).isEqualTo(400);
        assertThat(applied.status()).isEqualTo(200);
        assertThat(place.user().git("ls-files", "-z")).isEqualTo(odd + "\0readme.txt\0");
        assertThat(status.list("unstaged")).containsExactly(Map.of("path", odd, "status", "modified"));
        assertThat(files.list("files")).extracting(file -> file.get("path")).containsExactly(odd, "readme.txt");
    }

    private String workspaceOf(Shell user) {
        return call("GET", "/workspaces", null).list("workspaces").stream()
                .filter(workspace -> user.folder().toString().equals(workspace.get("path")))
                .map(workspace -> String.valueOf(workspace.get("id")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRemoteWithATooLargeFileTooManyFilesOrTooMuchAtAllFailsPlainlyAndLeavesNoClone() throws Exception {
        Shell large = Shell.repository(playground.resolve("remote-large"));
        zeros(large.folder().resolve("large.bin"), OBJECT_MAX + 1);
        large.commit("large");
        Shell many = Shell.repository(playground.resolve("remote-many"));
        for (int file = 0; file <= FILES_MAX; file++) {
            many.write("f" + file, "");
        }
        many.commit("many");
        Shell heavy = Shell.repository(playground.resolve("remote-heavy"));
        noise(heavy, 3);
        heavy.commit("heavy");

        assertThat(failure(large)).contains("large.bin", (OBJECT_MAX + 1) + " bytes");
        assertThat(failure(many)).contains("more than " + FILES_MAX + " files");
        assertThat(failure(heavy)).contains("larger than may be fetched");
    }

    @Test
    void aFetchThatIsRefusedOrKilledLeavesNothingInTheCache() throws Exception {
        Shell remote = Shell.repository(playground.resolve("remote-growing"));
        String workspace = workspace("file://" + remote.folder());
        Path packs = cacheOf(workspace).resolve("objects/pack");
        noise(remote, 3);
        remote.commit("heavy");
        // As a fetch leaves them that is killed, and a repack.
        for (String name : List.of("tmp_pack_dEaD01", "tmp_idx_dEaD02", "tmp_rev_dEaD03", ".tmp-1-pack-dead.pack")) {
            Files.writeString(packs.resolve(name), "half");
        }

        Answer refused = call("POST", "/workspaces/" + workspace + "/git/fetch", null);
        List<String> afterwards = halves(packs);
        Files.writeString(packs.resolve("tmp_pack_dEaD04"), "half");
        remote.git("reset", "-q", "--hard", "HEAD^");
        remote.git("commit", "-q", "--allow-empty", "-m", "light");
        Answer fetched = call("POST", "/workspaces/" + workspace + "/git/fetch", null);

        assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
        assertThat(refused.text("detail")).contains("larger than may be fetched");
        assertThat(afterwards).isEmpty();
        assertThat(fetched.status()).as(fetched.toString()).isEqualTo(200);
        assertThat(halves(packs)).isEmpty();
    }

    @Test
    void whatARepackWritesStaysWhileItRuns() throws Exception {
        Shell remote = Shell.repository(playground.resolve("remote-repacked"));
        String workspace = workspace("file://" + remote.folder());
        Path cache = cacheOf(workspace);
        Path half = cache.resolve("objects/pack/tmp_pack_Repack");
        Files.writeString(half, "half");
        String id = cache.getFileName().toString().replace(".git", "");

        Answer meanwhile = repositories.caring(id, () -> call("POST", "/workspaces/" + workspace + "/git/fetch", null));
        boolean kept = Files.exists(half);
        Answer afterwards = call("POST", "/workspaces/" + workspace + "/git/fetch", null);

        assertThat(List.of(meanwhile.status(), afterwards.status())).containsExactly(200, 200);
        assertThat(kept).isTrue();
        assertThat(half).doesNotExist();
    }

    @Test
    void aRemoteThatTakesMoreMemoryThanMayBeIsRefusedWithTheReasonAtOnce() throws Exception {
        byte[] pack = packOfADelta(40 * OBJECT_MAX);
        Shell remote = Shell.repository(playground.resolve("remote-deltas"));
        String trailer = HexFormat.of().formatHex(pack, pack.length - 20, pack.length);
        Path file = remote.folder().resolve(".git/objects/pack/pack-" + trailer + ".pack");
        Files.write(file, pack);
        remote.git("index-pack", file.toString());
        String tree = remote.git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)")
                .lines()
                .filter(object -> object.startsWith("blob "))
                .map(object -> "100644 " + object + "\t" + object.substring("blob ".length()) + "\n")
                .collect(Collectors.joining());
        remote.write("tree", tree);
        String commit = remote.git("commit-tree", "-p", "HEAD", "-m", "deltas", mktree(remote, "tree"));
        remote.git("update-ref", "refs/heads/main", commit);

        assertThat(failure(remote)).contains("slipway.workspaces.git-memory-max");
    }

    @Test
    void everyGitInARepositoryHasALimitToItsMemory() {
        Shell user = Shell.repository(playground.resolve("limits"));
        Path gitDir = user.folder().resolve(".git");

        for (GitCommand command : List.of(git.on(gitDir), git.on(gitDir, user.folder()))) {
            assertThat(command.config("alias.limit", "!ulimit -d").run("limit").line())
                    .isEqualTo("262144");
        }
    }

    @Test
    void filesThatAreTooLargeTogetherAreRefusedThoughEachIsNot() throws IOException {
        Place place = place("together");
        Shell sandbox = place.sandbox();
        zeros(sandbox.folder().resolve("zeros"), OBJECT_MAX);
        String blob = sandbox.git("hash-object", "-w", "zeros");
        StringBuilder tree = new StringBuilder();
        for (int copy = 0; copy < 9; copy++) {
            tree.append("100644 blob ").append(blob).append("\tn").append(copy).append('\n');
        }
        sandbox.write("../together-tree", tree.toString());
        String commit = sandbox.git("commit-tree", "-p", "HEAD", "-m", "together", mktree(sandbox, "../together-tree"));

        Shell.Said said = sandbox.attempt("push", "origin", commit + ":refs/heads/slipway/" + place.session());

        assertThat(said.exit()).isNotZero();
        assertThat(said.text()).contains("larger than 67108864 bytes together");
        nothingWasTouched(place);
    }

    private Path cacheOf(String workspace) {
        String home = server.getApplicationContext().getRequiredProperty("slipway.home", String.class);
        String repository = transactions.executeRead(_ ->
                jdbc.prepareStatement("SELECT repository_id FROM workspace WHERE id = '" + workspace + "'", select -> {
                    try (var row = select.executeQuery()) {
                        return row.next() ? row.getString(1) : "";
                    }
                }));
        return Path.of(home, "git", PROJECT, repository + ".git");
    }

    private static List<String> halves(Path packs) throws IOException {
        try (Stream<Path> files = Files.list(packs)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("tmp"))
                    .toList();
        }
    }

    private static void noise(Shell shell, int files) throws IOException {
        for (int file = 0; file < files; file++) {
            byte[] noise = new byte[6 << 20];
            new java.util.Random(file).nextBytes(noise);
            Files.write(shell.folder().resolve("noise" + file), noise);
        }
    }

    @Test
    void aSubmoduleThatUnfoldsToMoreThanMayBeIsNotCheckedOut() throws IOException {
        Shell inner = Shell.repository(playground.resolve("sub-large"));
        zeros(inner.folder().resolve("large.bin"), OBJECT_MAX + 1);
        inner.commit("large");
        Shell outer = withSubmodule("outer-large", inner);

        Answer failed = failed(wish(outer, "submodules"));

        assertThat(failed.text("errorMessage")).contains("large.bin", (OBJECT_MAX + 1) + " bytes");
        assertThat(Path.of(failed.text("workDir"), "in/large.bin")).doesNotExist();
    }

    @Test
    void aSubmoduleThatIsLargerThanMayBeFetchedIsRefusedAndNotKept() throws IOException {
        Shell inner = Shell.repository(playground.resolve("sub-heavy"));
        Shell outer = withSubmodule("outer-heavy", inner);
        noise(inner, 3);
        inner.commit("heavy");
        outer.git("update-index", "--cacheinfo", "160000," + inner.head() + ",in");
        outer.git("commit", "-q", "-m", "heavier");

        Answer failed = failed(wish(outer, "submodules"));

        assertThat(failed.text("errorMessage")).contains("larger than may be fetched");
        Path modules = Path.of(failed.text("workDir"), ".git/modules");
        assertThat(bytesIn(modules)).isLessThan(1 << 20);
    }

    @Test
    void aSubmoduleWhoseCommitWasNotPushedYetIsFetchedOnceItIs() {
        Shell remote = Shell.repository(playground.resolve("sub-late"));
        Shell author = new Shell(playground);
        author.git(
                "clone",
                "-q",
                remote.folder().toString(),
                playground.resolve("sub-author").toString());
        Shell inner = new Shell(playground.resolve("sub-author"));
        inner.write("late.txt", "late\n");
        String late = inner.commit("late");
        Shell outer = withSubmodule("outer-late", remote);
        outer.git("update-index", "--cacheinfo", "160000," + late + ",in");
        outer.git("commit", "-q", "-m", "ahead of the submodule");
        Answer failed = failed(wish(outer, "submodules"));

        remote.git("fetch", "-q", inner.folder().toString(), "HEAD:refs/heads/late");
        Answer again = call("POST", "/workspaces/" + failed.text("id") + "/validate", null);

        assertThat(again.status()).as(again.toString()).isLessThan(300);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> status(failed.text("id")).equals("ready"));
        assertThat(new Shell(Path.of(failed.text("workDir"), "in")).head()).isEqualTo(late);
    }

    @Test
    void aSubmoduleThatGrowsBeyondWhatMayBeFetchedLeavesNothingBehind() throws IOException {
        Shell inner = Shell.repository(playground.resolve("sub-growing"));
        Shell outer = withSubmodule("outer-growing", inner);
        String workspace = ready(wish(outer, "submodules"));
        Path clone = Path.of(call("GET", "/workspaces/" + workspace, null).text("workDir"));
        String before = new Shell(clone.resolve("in")).head();
        inner.write("more.txt", "more\n");
        String more = inner.commit("more");
        outer.git("update-index", "--cacheinfo", "160000," + more + ",in");
        outer.git("commit", "-q", "-m", "more");
        new Shell(clone).git("fetch", "-q", "origin");
        Answer merged = call("POST", "/workspaces/" + workspace + "/git/fetch", null);
        new Shell(clone).git("merge", "-q", "--ff-only", "origin/main");
        Answer followed = call("POST", "/workspaces/" + workspace + "/git/fetch", null);
        String after = new Shell(clone.resolve("in")).head();
        noise(inner, 3);
        inner.commit("heavy");
        outer.git("update-index", "--cacheinfo", "160000," + inner.head() + ",in");
        outer.git("commit", "-q", "-m", "heavier");
        call("POST", "/workspaces/" + workspace + "/git/fetch", null);
        new Shell(clone).git("merge", "-q", "--ff-only", "origin/main");

        Answer refused = call("POST", "/workspaces/" + workspace + "/git/fetch", null);

        assertThat(List.of(merged.status(), followed.status())).containsExactly(200, 200);
        assertThat(after).isEqualTo(more).isNotEqualTo(before);
        assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
        assertThat(halves(clone.resolve(".git/modules/in/objects/pack"))).isEmpty();
        assertThat(new Shell(clone.resolve("in")).head()).isEqualTo(more);
    }

    private Shell withSubmodule(String name, Shell inner) {
        Shell outer = Shell.repository(playground.resolve(name));
        outer.write(
                ".gitmodules",
                "[submodule \"in\"]\n\tpath = in\n\turl = ../" + inner.folder().getFileName() + "\n");
        outer.git("update-index", "--add", "--cacheinfo", "160000," + inner.head() + ",in");
        outer.git("add", ".gitmodules");
        outer.git("commit", "-q", "-m", "submodule");
        return outer;
    }

    private static long bytesIn(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        }
    }

    private static Map<String, Object> wish(Shell remote, String option) {
        return Map.of("path", "file://" + remote.folder(), option, true);
    }

    private String ready(Map<String, Object> wish) {
        String id = settled(wish);
        Answer workspace = call("GET", "/workspaces/" + id, null);
        assertThat(workspace.text("status")).as(workspace.toString()).isEqualTo("ready");
        return id;
    }

    private Answer failed(Map<String, Object> wish) {
        Answer workspace = call("GET", "/workspaces/" + settled(wish), null);
        assertThat(workspace.text("status")).as(workspace.toString()).isEqualTo("error");
        return workspace;
    }

    private String settled(Map<String, Object> wish) {
        String id = call("POST", "/workspaces", wish).text("id");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> List.of("ready", "error").contains(status(id)));
        return id;
    }

    private String failure(Shell remote) {
        Answer workspace = failed(Map.of("path", "file://" + remote.folder()));
        assertThat(Path.of(workspace.text("workDir"))).doesNotExist();
        return workspace.text("errorMessage");
    }
}
