package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.workspace.testing.EgressProxy;
import dev.slipway.workspace.testing.GitHost;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Private repositories over https: the key is put on by the egress proxy, and nothing here ever has it. */
@NullMarked
@MicronautTest(transactional = false)
class CredentialedRemoteTest extends ServiceTest {
    private static final String CREDENTIAL = "0198c1de-0000-7000-8000-000000000001";

    private final EgressProxy egress = new EgressProxy();
    private final Path repositories = folder();
    private final GitHost host = GitHost.serve(repositories, "x-access-token", "the-secret");

    @Override
    public Map<String, String> getProperties() {
        Map<String, String> properties = super.getProperties();
        properties.put("slipway.services.mitm-proxy.url", egress.adminUrl());
        properties.put("slipway.workspaces.remote-bytes-max", "4194304");
        properties.put("slipway.workspaces.internal-hosts", "git.example.test,sub.example.test");
        return properties;
    }

    @BeforeEach
    void route() {
        egress.route("git.example.test", host.port());
        egress.route("sub.example.test", host.port());
        egress.credential(CREDENTIAL, GitHost.basic("x-access-token", "the-secret"));
        egress.listening(true);
    }

    @AfterAll
    void close() throws Exception {
        host.close();
        egress.close();
    }

    private Shell hosted(String name) {
        Shell made = Shell.repository(folder().resolve("made"));
        made.git(
                "clone",
                "-q",
                "--bare",
                ".",
                repositories.resolve(name + ".git").toString());
        return new Shell(repositories.resolve(name + ".git"));
    }

    private String made(Map<String, Object> wish, String expected) {
        Answer created = call("POST", "/workspaces", wish);
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        String id = created.text("id");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> List.of("ready", "error").contains(status(id)));
        assertThat(status(id))
                .as(call("GET", "/workspaces/" + id, null).toString())
                .isEqualTo(expected);
        return id;
    }

    private String clone(String id) {
        return call("GET", "/workspaces/" + id, null).text("workDir");
    }

    @Test
    void aPrivateRepositoryIsClonedFetchedAndPushedToThroughTheProxy() {
        Shell remote = hosted("private");
        String url = "https://git.example.test/private.git";

        Answer valid = call("POST", "/workspaces/validate", Map.of("path", url, "credentialId", CREDENTIAL));
        String id = made(Map.of("path", url, "credentialId", CREDENTIAL), "ready");
        Shell clone = new Shell(Path.of(clone(id)));
        call("POST", "/workspaces/" + id + "/git/branches", Map.of("name", "topic"));
        Answer pushed = call("POST", "/workspaces/" + id + "/git/push", Map.of("branch", "topic"));
        Answer fetched = call("POST", "/workspaces/" + id + "/git/fetch", null);

        assertThat(valid.body()).containsEntry("valid", true);
        assertThat(clone.read("readme.txt")).startsWith("one");
        assertThat(pushed.status()).as(pushed.toString()).isEqualTo(200);
        assertThat(remote.git("rev-parse", "topic")).isEqualTo(clone.head());
        assertThat(fetched.status()).isEqualTo(200);
        EgressProxy.Session session = egress.sessions().stream()
                .filter(seen -> seen.id().equals("workspace-" + id))
                .findFirst()
                .orElseThrow();
        assertThat(session.wish().get("agentType").asText()).isEqualTo("git");
        assertThat(session.wish().get("userId").asText()).isEqualTo("u1");
        assertThat(session.wish().get("credentialId").asText()).isEqualTo(CREDENTIAL);
        assertThat(session.wish().get("allow").toString()).isEqualTo("[\"git.example.test\"]");
        assertThat(egress.openSessions()).as("every door was closed").isEmpty();
        assertThat(clone.git("config", "--list")).doesNotContain("secret", "proxy");
    }

    @Test
    void withoutTheCredentialItIsPrivate() {
        hosted("closed");

        String id = made(Map.of("path", "https://git.example.test/closed.git"), "error");

        assertThat(call("GET", "/workspaces/" + id, null).text("errorMessage")).contains("check the credential");
    }

    @Test
    void aProxyWithoutAListenerIsSaidPlainlyWhenACredentialIsWanted() {
        hosted("unlit");
        egress.listening(false);

        String id = made(Map.of("path", "https://git.example.test/unlit.git", "credentialId", CREDENTIAL), "error");

        assertThat(call("GET", "/workspaces/" + id, null).text("errorMessage")).contains("slipway.proxy.tcp.address");
        assertThat(egress.openSessions()).isEmpty();
    }

    @Test
    void aShallowSparseCloneHasWhatWasAskedForAndItsSessionsWork() {
        Shell made = Shell.repository(folder().resolve("deep"));
        for (String name : List.of("docs/a.txt", "docs/in/b.txt", "src/main/c.txt", "src/test/d.txt", "other/e.txt")) {
            made.write(name, name + "\n");
            made.commit(name);
        }
        made.git("clone", "-q", "--bare", ".", repositories.resolve("deep.git").toString());

        String id = made(
                Map.of(
                        "path",
                        "https://git.example.test/deep.git",
                        "credentialId",
                        CREDENTIAL,
                        "depth",
                        2,
                        "sparse",
                        List.of("docs", "src/main")),
                "ready");
        Path clone = Path.of(clone(id));
        String session = session(id);
        Shell sandbox = sandboxClone(session);
        sandbox.write("src/main/new.txt", "new\n");
        sandbox.write("hidden/new.txt", "new\n");
        sandbox.commit("feat: new");
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);
        Answer applied = call("POST", "/sessions/" + session + "/apply", null);
        Answer status = call("GET", "/workspaces/" + id + "/git/status", null);

        assertThat(new Shell(clone).git("rev-list", "--count", "HEAD^")).isEqualTo("2");
        assertThat(clone.resolve("docs/in/b.txt")).exists();
        assertThat(clone.resolve("src/main/c.txt")).exists();
        assertThat(clone.resolve("src/test")).doesNotExist();
        assertThat(clone.resolve("other")).doesNotExist();
        assertThat(applied.status()).as(applied.toString()).isEqualTo(200);
        assertThat(clone.resolve("src/main/new.txt")).exists();
        assertThat(clone.resolve("hidden")).doesNotExist();
        assertThat(new Shell(clone).git("ls-tree", "-r", "--name-only", "HEAD")).contains("hidden/new.txt");
        assertThat(status.body()).containsEntry("isClean", true);
    }

    @Test
    void submodulesComeAlongAndNestedOnesToo() {
        hosted("inner");
        Shell middle = Shell.repository(folder().resolve("middle"));
        submodule(middle, "../inner.git", "inner");
        middle.git(
                "clone", "-q", "--bare", ".", repositories.resolve("middle.git").toString());
        Shell outer = Shell.repository(folder().resolve("outer"));
        submodule(outer, "https://sub.example.test/middle.git", "lib/middle");
        outer.git(
                "clone", "-q", "--bare", ".", repositories.resolve("outer.git").toString());

        String id = made(
                Map.of("path", "https://git.example.test/outer.git", "credentialId", CREDENTIAL, "submodules", true),
                "ready");

        assertThat(Path.of(clone(id), "lib/middle/inner/readme.txt")).exists();
        assertThat(call("GET", "/workspaces/" + id + "/git/status", null).body())
                .containsEntry("isClean", true);
        assertThat(egress.openSessions()).isEmpty();
    }

    @Test
    void aSubmoduleOfAnInternalHostOrAnotherKindIsRefused() {
        for (String url : List.of("https://169.254.169.254/x.git", "ext::sh -c touch% /tmp/x", "file:///etc/x.git")) {
            Shell outer = Shell.repository(folder().resolve("bad"));
            outer.write(".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = \"" + url + "\"\n");
            outer.git("update-index", "--add", "--cacheinfo", "160000," + outer.head() + ",x");
            outer.commit("bad");
            String name = "bad-" + url.substring(0, 4).replace(":", "");
            outer.git(
                    "clone",
                    "-q",
                    "--bare",
                    ".",
                    repositories.resolve(name + ".git").toString());

            String id = made(
                    Map.of(
                            "path",
                            "https://git.example.test/" + name + ".git",
                            "credentialId",
                            CREDENTIAL,
                            "submodules",
                            true),
                    "error");

            assertThat(call("GET", "/workspaces/" + id, null).text("errorMessage"))
                    .contains("path: ");
        }
    }

    private void submodule(Shell repository, String url, String path) {
        String name = url.substring(url.lastIndexOf('/') + 1);
        String commit = new Shell(repositories.resolve(name)).git("rev-parse", "main");
        repository.write(".gitmodules", "[submodule \"" + path + "\"]\n\tpath = " + path + "\n\turl = " + url + "\n");
        repository.git("update-index", "--add", "--cacheinfo", "160000," + commit + "," + path);
        repository.git("add", ".gitmodules");
        repository.git("commit", "-q", "-m", "submodule");
    }

    @Test
    void largeFilesAreFetchedThroughTheProxyAndStayFilesWhenBranchesChange() throws Exception {
        assumeThat(new Shell(folder()).attempt("lfs", "version").exit())
                .as("git-lfs is installed")
                .isZero();
        byte[] content = "large content\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        String oid =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        host.keep(oid, content);
        Shell made = Shell.repository(folder().resolve("lfs"));
        made.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        // A repository may wish its files from anywhere; it is not asked.
        made.write(".lfsconfig", "[lfs]\n\turl = https://169.254.169.254/lfs\n");
        made.write(
                "big.bin",
                "version https://git-lfs.github.com/spec/v1\noid sha256:" + oid + "\nsize " + content.length + "\n");
        made.commit("large");
        made.git("clone", "-q", "--bare", ".", repositories.resolve("lfs.git").toString());

        String id = made(
                Map.of("path", "https://git.example.test/lfs.git", "credentialId", CREDENTIAL, "lfs", true), "ready");

        assertThat(Files.readAllBytes(Path.of(clone(id), "big.bin"))).isEqualTo(content);
        assertThat(call("GET", "/workspaces/" + id + "/git/status", null).body())
                .containsEntry("isClean", true);
        assertThat(egress.tunnels()).doesNotContain("169.254.169.254");
    }

    @Test
    void largeFilesOfMoreThanMayBeFetchedAreNotAskedForAndALieAboutTheirSizeIsCutShort() throws Exception {
        assumeThat(new Shell(folder()).attempt("lfs", "version").exit())
                .as("git-lfs is installed")
                .isZero();
        byte[] content = new byte[5 << 20];
        withLargeFile("lfs-honest", content, content.length);
        withLargeFile("lfs-lying", content, 1_000);

        for (String name : List.of("lfs-honest", "lfs-lying")) {
            String id = made(
                    Map.of(
                            "path",
                            "https://git.example.test/" + name + ".git",
                            "credentialId",
                            CREDENTIAL,
                            "lfs",
                            true),
                    "error");

            assertThat(call("GET", "/workspaces/" + id, null).text("errorMessage"))
                    .contains("slipway.workspaces.remote-bytes-max")
                    .contains(name.equals("lfs-honest") ? content.length + " bytes, big.bin" : "larger than");
            try (Stream<Path> files = Files.walk(Path.of(clone(id), ".git/lfs"))) {
                assertThat(files.filter(Files::isRegularFile)
                                .mapToLong(file -> file.toFile().length())
                                .sum())
                        .as("what is kept of it")
                        .isLessThan(1 << 16);
            }
        }
    }

    private void withLargeFile(String name, byte[] content, long size) throws Exception {
        String oid =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        host.keep(oid, content);
        Shell made = Shell.repository(folder().resolve(name));
        made.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        made.write(
                "big.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:" + oid + "\nsize " + size + "\n");
        made.commit("large");
        made.git(
                "clone",
                "-q",
                "--bare",
                ".",
                repositories.resolve(name + ".git").toString());
    }
}
