package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is meant to harm is refused with a plain problem, and nothing is touched. */
@NullMarked
@MicronautTest(transactional = false)
class HostileInputTest extends ServiceTest {
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String target() {
        Path folder = playground.resolve("target");
        if (!Files.exists(folder)) {
            Shell.repository(folder);
        }
        return call("GET", "/workspaces", null).list("workspaces").stream()
                .filter(workspace -> folder.toString().equals(workspace.get("path")))
                .map(workspace -> String.valueOf(workspace.get("id")))
                .findFirst()
                .orElseGet(() -> workspace(folder.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ext::sh -c touch% /tmp/pwned",
                "ext::sh",
                "git://example.org/a.git",
                "http://example.org/a.git",
                "ssh://example.org/a.git",
                "git@example.org:a.git",
                "https://user:hunter2@example.org/a.git",
                "https://token@example.org/a.git",
                "https://example.org/a.git?x=1",
                "https://example.org/a.git#frag",
                "https://example.org/../a",
                "https://",
                "--upload-pack=touch /tmp/pwned",
                "-u",
                "file:///etc",
                "file://host/etc",
                "file:///../etc",
                "https://exa mple.org/a",
                "https://example.org/a\nb",
                "https://example.org\\@evil.org/a"
            })
    void anAddressThatIsNoPlainHttpsIsRefused(String address) {
        Answer answer = call("POST", "/workspaces", Map.of("path", address, "sourceType", "git"));

        assertThat(answer.status()).isIn(400, 422);
        assertThat(answer.text("type")).startsWith("https://slipway.dev/problems/");
        assertThat(answer.text("detail")).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/a.git",
                "https://localhost/a.git",
                "https://169.254.169.254/latest",
                "https://10.0.0.1/a",
                "https://[::1]/a",
                "https://[::7f00:1]/a",
                "https://[64:ff9b::7f00:1]/a",
                "https://[2002:7f00:1::]/a",
                "https://168.63.129.16/metadata"
            })
    void anAddressInsideIsNotEvenAsked(String address) {
        Answer answer = call("POST", "/workspaces/validate", Map.of("path", address, "sourceType", "git"));

        assertThat(answer.body()).containsEntry("valid", false);
        assertThat(answer.text("message")).contains("internal address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc", "/", "relative/path", "/root/../etc", "~root", "-C/etc", "/tmp\n/x"})
    void aFolderOutsideOfTheAllowlistIsRefused(String path) {
        Answer answer = call("POST", "/workspaces", Map.of("path", path, "sourceType", "local"));

        assertThat(answer.status()).isIn(400, 422);
    }

    @Test
    void aLinkDoesNotLeadOutOfTheAllowlist() throws Exception {
        Path secret = Shell.repository(folder().resolve("secret")).folder();
        Path link = Files.createSymbolicLink(playground.resolve("link"), secret);
        Path borrowing = playground.resolve("borrowing");
        Files.createDirectories(borrowing);
        Files.writeString(borrowing.resolve(".git"), "gitdir: " + secret.resolve(".git") + "\n");
        Shell alternates = Shell.repository(playground.resolve("alternates"));
        alternates.write(".git/objects/info/alternates", secret.resolve(".git/objects") + "\n");

        for (Path path : List.of(link, borrowing, alternates.folder())) {
            assertThat(call("POST", "/workspaces", Map.of("path", path.toString()))
                            .status())
                    .isIn(400, 422);
        }
    }

    @Test
    void anAddressIsDecodedOnceAndDoesNotLeadOutOfTheAllowlist() throws Exception {
        Shell secret = Shell.repository(folder().resolve("secret"));
        secret.write("secret.txt", "secret\n");
        secret.commit("secret");
        Path way = playground.resolve("x").relativize(secret.folder());
        // The folder is there under this very name, and decoded once more it is a way out.
        Path odd = Files.createDirectories(playground.resolve("x" + ("/" + way).replace("/", "%2F")));
        Files.createDirectories(playground.resolve("x"));
        String address =
                "file://" + playground + "/" + odd.getFileName().toString().replace("%", "%25");

        Answer valid = call("POST", "/workspaces/validate", Map.of("path", address, "sourceType", "git"));
        Shell.repository(odd);
        String id = workspace(address);

        assertThat(valid.body()).as(valid.toString()).containsEntry("valid", false);
        assertThat(call("GET", "/workspaces/" + id, null).text("commit"))
                .isEqualTo(new Shell(odd).head())
                .isNotEqualTo(secret.head());
    }

    @Test
    void whatLooksLikeARepositoryDoesNotLeadToAnother() throws Exception {
        Shell secret = Shell.repository(folder().resolve("secret"));
        secret.write("secret.txt", "secret\n");
        secret.commit("secret");
        Path git = secret.folder().resolve(".git");
        replace(looksLikeOne("objects").resolve("objects"), git.resolve("objects"));
        replace(looksLikeOne("refs").resolve("refs"), git.resolve("refs"));
        replace(looksLikeOne("pack").resolve("objects/pack"), git.resolve("objects/pack"));
        String head = secret.head();
        String object = "objects/" + head.substring(0, 2) + "/" + head.substring(2);
        Path linked = looksLikeOne("object").resolve(object);
        Files.createDirectories(linked.resolveSibling("."));
        Files.createSymbolicLink(linked, git.resolve(object));
        Path between = looksLikeOne("between");
        Files.writeString(between.resolve("objects/info/alternates"), git.resolve("objects") + "\n");
        Files.writeString(
                looksLikeOne("borrowed").resolve("objects/info/alternates"), between.resolve("objects") + "\n");
        // Git takes blanks at a path's end for a part of it, and unquotes what stands in quotes.
        Path blank = looksLikeOne("blank");
        new Shell(playground)
                .git("init", "-q", "--bare", blank.resolve("in/real").toString());
        Files.createSymbolicLink(blank.resolve("in/real "), git);
        Files.writeString(blank.resolve("commondir"), "in/real \n");
        Path quoted = looksLikeOne("quoted");
        String literal = '"' + git.resolve("objects").toString() + '"';
        Files.createDirectories(quoted.resolve("objects").resolve(literal));
        Files.writeString(quoted.resolve("objects/info/alternates"), literal + "\n");
        // Git goes on to this where a HEAD is none.
        Path junk = looksLikeOne("junk");
        Files.writeString(junk.resolve("HEAD"), "no such thing\n");
        Files.writeString(playground.resolve("looks-junk.git"), "gitdir: " + git + "\n");
        // And here the one that is named as common has what is missing.
        Path bare = looksLikeOne("common");
        Files.delete(bare.resolve("objects/info"));
        Files.delete(bare.resolve("objects/pack"));
        Files.delete(bare.resolve("objects"));
        Files.writeString(bare.resolve("commondir"), git + "\n");
        Files.delete(looksLikeOne("nothing").resolve("HEAD"));
        // Git would take this for it, where there is nothing.
        Files.createSymbolicLink(playground.resolve("looks-nothing.git"), git);

        for (String kind : List.of(
                "objects",
                "refs",
                "pack",
                "object",
                "between",
                "borrowed",
                "blank",
                "quoted",
                "junk",
                "common",
                "nothing")) {
            String address = "file://" + playground.resolve("looks-" + kind);
            assertThat(call("POST", "/workspaces", Map.of("path", address, "sourceType", "git"))
                            .status())
                    .as(kind)
                    .isEqualTo(422);
        }
    }

    private Path looksLikeOne(String kind) {
        Path bare = playground.resolve("looks-" + kind);
        new Shell(playground).git("init", "-q", "--bare", bare.toString());
        return bare;
    }

    private static void replace(Path part, Path target) throws Exception {
        try (var all = Files.walk(part)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        Files.createSymbolicLink(part, target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a%20b", "a%2Fb", "a#b?c"})
    void aFolderOfAnyNameIsClonedAndFetchedFrom(String name) {
        Shell origin = Shell.repository(playground.resolve("odd").resolve(name));
        Shell user = new Shell(playground.resolve("user-of-" + name.hashCode()));
        new Shell(playground)
                .git("clone", "-q", origin.folder().toString(), user.folder().toString());
        String clone = workspace("file://" + origin.folder().toUri().getRawPath());
        String local = workspace(user.folder().toString());
        origin.write("new.txt", "new\n");
        String head = origin.commit("new");

        Answer cloneFetched = call("POST", "/workspaces/" + clone + "/git/fetch", null);
        Answer localFetched = call("POST", "/workspaces/" + local + "/git/fetch", null);

        assertThat(List.of(cloneFetched.status(), localFetched.status()))
                .as("%s, %s", cloneFetched, localFetched)
                .containsExactly(200, 200);
        assertThat(user.git("rev-parse", "origin/main")).isEqualTo(head);
    }

    @Test
    void ourOwnFoldersAreNobodysWorkspace() {
        Map<String, String> properties = getProperties();

        Answer answer = call(
                "POST",
                "/workspaces",
                Map.of(
                        "path",
                        server.getApplicationContext().getRequiredProperty("slipway.home", String.class)
                                + "/workspaces"));

        assertThat(properties).isNotEmpty();
        assertThat(answer.status()).isIn(400, 422);
    }

    @Test
    void aFolderWithFilesAndWithoutARepositoryIsRefused() throws Exception {
        Path full = Files.createDirectories(playground.resolve("full"));
        Files.writeString(full.resolve("a.txt"), "a");

        Answer answer = call("POST", "/workspaces", Map.of("path", full.toString()));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("detail")).contains("not empty and no git repository");
        assertThat(full.resolve(".git")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--output=/tmp/pwned",
                "-x",
                "HEAD:readme.txt",
                "HEAD..main",
                "@{-1}",
                ":/first",
                "a b",
                "a\nb",
                "",
                "*"
            })
    void aRefIsDataAndNeverAnOption(String ref) {
        String git = "/workspaces/" + target() + "/git";

        assertThat(call("GET", git + "/log?ref=" + encoded(ref), null).status()).isEqualTo(400);
        assertThat(call("GET", git + "/diff?base=" + encoded(ref), null).status())
                .isEqualTo(400);
        assertThat(call("GET", git + "/file?path=readme.txt&ref=" + encoded(ref), null)
                        .status())
                .isEqualTo(400);
        assertThat(call("POST", git + "/checkout", Map.of("ref", ref)).status()).isEqualTo(400);
        assertThat(call("POST", git + "/branches", Map.of("name", ref)).status())
                .isEqualTo(400);
        assertThat(Path.of("/tmp/pwned")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "/etc/passwd",
                "a/../../b",
                ".git/config",
                "sub/.GIT/hooks/x",
                "a//b",
                "a\nb",
                "a\u0000b",
                "./../x"
            })
    void aPathStaysInTheWorkspace(String path) {
        String git = "/workspaces/" + target() + "/git";

        assertThat(call("GET", git + "/file?path=" + encoded(path), null).status())
                .isEqualTo(400);
        assertThat(call("POST", git + "/file", Map.of("path", path, "content", "x"))
                        .status())
                .isEqualTo(400);
        assertThat(call("GET", git + "/files?path=" + encoded(path), null).status())
                .isEqualTo(400);
        assertThat(call("POST", git + "/stage", Map.of("paths", List.of(path))).status())
                .isEqualTo(400);
        assertThat(call("GET", git + "/diff?path=" + encoded(path), null).status())
                .isEqualTo(400);
    }

    @Test
    void aLinkInTheWorkspaceIsNotFollowedOutOfIt() throws Exception {
        Shell user = Shell.repository(playground.resolve("links"));
        Path outside = folder();
        Files.writeString(outside.resolve("secret.txt"), "secret");
        Files.createSymbolicLink(user.folder().resolve("way"), outside);
        Files.createSymbolicLink(user.folder().resolve("file"), outside.resolve("secret.txt"));
        Files.createSymbolicLink(user.folder().resolve("config"), Path.of(".git/config"));
        String git = "/workspaces/" + workspace(user.folder().toString()) + "/git";

        assertThat(call("GET", git + "/file?path=file", null).status()).isEqualTo(400);
        assertThat(call("GET", git + "/file?path=way/secret.txt", null).status())
                .isEqualTo(400);
        assertThat(call("GET", git + "/file?path=config", null).status()).isEqualTo(400);
        assertThat(call("GET", git + "/files?path=way", null).status()).isEqualTo(400);
        assertThat(call("POST", git + "/file", Map.of("path", "way/new.txt", "content", "x"))
                        .status())
                .isEqualTo(400);
        assertThat(call("POST", git + "/file", Map.of("path", "file", "content", "x"))
                        .status())
                .isEqualTo(400);
        assertThat(outside.resolve("new.txt")).doesNotExist();
        assertThat(outside.resolve("secret.txt")).hasContent("secret");
    }

    @Test
    void nothingThatARepositoryBringsIsEverExecuted() throws Exception {
        Shell user = Shell.repository(playground.resolve("armed"));
        Path trap = folder().resolve("sprung");
        String spring = "touch " + trap + "; cat";
        user.write(".gitattributes", "* filter=evil diff=evil merge=evil\n");
        user.commit("attributes");
        for (String key : List.of(
                "filter.evil.clean",
                "filter.evil.smudge",
                "filter.evil.process",
                "diff.evil.textconv",
                "diff.evil.command",
                "merge.evil.driver",
                "diff.external",
                "core.fsmonitor",
                "core.sshCommand",
                "core.editor",
                "core.pager",
                "gpg.program",
                "credential.helper",
                "core.alternateRefsCommand",
                "uploadpack.packObjectsHook")) {
            user.git("config", key, spring);
        }
        user.git("config", "filter.evil.required", "true");
        user.git("config", "commit.gpgSign", "true");
        user.git("config", "log.showSignature", "true");
        for (String hook : List.of(
                "pre-commit",
                "post-checkout",
                "post-merge",
                "reference-transaction",
                "post-index-change",
                "pre-receive",
                "update",
                "commit-msg",
                "prepare-commit-msg",
                "post-commit",
                "pre-push")) {
            user.write(".git/hooks/" + hook, "#!/bin/sh\n" + "touch " + trap + "\n");
            assertThat(user.folder().resolve(".git/hooks/" + hook).toFile().setExecutable(true))
                    .isTrue();
        }
        String workspace = workspace(user.folder().toString());
        String git = "/workspaces/" + workspace + "/git";
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        sandbox.write("readme.txt", "changed\n");
        sandbox.commit("feat: x");
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);

        assertThat(call("POST", "/sessions/" + session + "/apply", Map.of()).status())
                .isEqualTo(200);
        assertThat(call("POST", git + "/file", Map.of("path", "a.txt", "content", "a\n"))
                        .status())
                .isEqualTo(200);
        assertThat(call("GET", git + "/status", null).status()).isEqualTo(200);
        assertThat(call("GET", git + "/diff", null).status()).isEqualTo(200);
        assertThat(call("POST", git + "/stage", Map.of()).status()).isEqualTo(200);
        assertThat(call("GET", git + "/diff?staged=true", null).status()).isEqualTo(200);
        assertThat(call("POST", git + "/commit", Map.of("message", "m")).status())
                .isEqualTo(201);
        assertThat(call("GET", git + "/log", null).status()).isEqualTo(200);
        assertThat(call("GET", git + "/blame?path=readme.txt", null).status()).isEqualTo(200);
        assertThat(call("GET", git + "/file?path=readme.txt&ref=HEAD", null).status())
                .isEqualTo(200);
        assertThat(call("POST", git + "/branches", Map.of("name", "b")).status())
                .isEqualTo(201);
        assertThat(call("POST", git + "/checkout", Map.of("ref", "b")).status()).isEqualTo(200);
        assertThat(call("POST", git + "/checkout", Map.of("ref", "HEAD~1")).status())
                .isEqualTo(200);

        assertThat(trap).doesNotExist();
    }

    @Test
    void whatIsConfiguredInASubmoduleIsNotObeyed() throws Exception {
        Path trap = folder().resolve("sprung");
        Shell user = Shell.repository(playground.resolve("nested"));
        Shell inner = Shell.repository(user.folder().resolve("inner"));
        user.write(".gitmodules", "[submodule \"inner\"]\n\tpath = inner\n\turl = ./inner\n");
        user.git("add", ".gitmodules", "inner");
        user.git("commit", "-q", "-m", "submodule");
        user.git("config", "diff.submodule", "diff");
        user.git("config", "status.submoduleSummary", "true");
        String workspace = workspace(user.folder().toString());
        String git = "/workspaces/" + workspace + "/git";
        inner.git("commit", "-q", "--allow-empty", "-m", "moved");
        // Last, so that only our git can meet it: the user's own would obey it.
        for (String key : List.of("diff.external", "core.fsmonitor", "core.pager", "filter.evil.clean")) {
            inner.git("config", "--file", ".git/config", key, "touch " + trap + "; cat");
        }
        inner.write(".gitattributes", "* filter=evil\n");

        Answer diff = call("GET", git + "/diff", null);
        Answer status = call("GET", git + "/status", null);

        assertThat(diff.list("diffs")).hasSize(1);
        assertThat(String.valueOf(diff.list("diffs").getFirst().get("patch"))).contains("+Subproject commit ");
        assertThat(status.list("unstaged")).hasSize(1);
        assertThat(trap).doesNotExist();
    }

    @Test
    void anotherProjectLearnsNothing() {
        String workspace = target();
        String session = session(workspace);
        Caller stranger = new Caller("gateway", "u2", null, null, "q", Role.OWNER, null);

        assertThat(call(stranger, "GET", "/internal/projects/q/workspaces/" + workspace, null)
                        .status())
                .isEqualTo(404);
        assertThat(call(stranger, "GET", "/internal/projects/p/workspaces/" + workspace, null)
                        .status())
                .isEqualTo(404);
        assertThat(call(stranger, "GET", "/internal/projects/q/workspaces/" + workspace + "/git/status", null)
                        .status())
                .isEqualTo(404);
        assertThat(call(stranger, "GET", "/internal/projects/q/sessions/" + session + "/diff", null)
                        .status())
                .isEqualTo(404);
        assertThat(call(stranger, "POST", "/internal/projects/q/sessions/" + session + "/apply", Map.of())
                        .status())
                .isEqualTo(404);
    }
}
