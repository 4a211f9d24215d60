package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.FakeGateway.Run;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the commands ask for and how they answer a person, a script, and a failure. */
class CommandsTest {
    private static final String API = "/api/projects/local/";

    @SuppressWarnings("NullAway.Init")
    private FakeGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = new FakeGateway();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void aListIsReadPageByPageAndShownAsATable() {
        gateway.json("GET " + API + "sessions?limit=200", 200, """
                {"sessions":[{"id":"a","status":"ready","displayName":"First"}],"nextCursor":"x y"}""");
        gateway.json("GET " + API + "sessions?limit=200&cursor=x%20y", 200, """
                {"sessions":[{"id":"bbb","status":"stopped","displayName":"Second"}],"nextCursor":null}""");

        Run run = gateway.run("session", "list");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "id status displayName branch updatedAt", "a ready First - -", "bbb stopped Second - -");
    }

    @Test
    void aScriptGetsJson() {
        gateway.json("GET " + API + "agents?limit=200", 200, """
                {"agents":[{"id":"a"}],"nextCursor":null}""");

        Run run = gateway.run("agent", "list", "--json");

        assertThat(run.out()).isEqualToIgnoringNewLines("[{\"id\":\"a\"}]");
    }

    @Test
    void aProblemIsToldInItsOwnWordsWithTheFieldAtFault() {
        gateway.json("POST " + API + "workspaces", 422, """
                {"title":"Unprocessable","detail":"The folder is no git repository. Run git init there.",
                 "errors":[{"field":"path","detail":"no .git"}]}""");

        Run run = gateway.run("workspace", "add", "/srv/x");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("The folder is no git repository. Run git init there.")
                .contains("path: no .git");
    }

    @Test
    void aServerThatIsNotThereIsSaidWithTheWayOut() {
        gateway.close();

        Run run = gateway.run("session", "list");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("./slipway up --detach");
    }

    @Test
    void aWorkspaceIsAwaitedUntilItIsReady() {
        gateway.json("POST " + API + "workspaces", 201, "{\"id\":\"w1\",\"status\":\"cloning\"}");
        gateway.json("GET " + API + "workspaces/w1", 200, "{\"id\":\"w1\",\"status\":\"ready\"}");

        Run run = gateway.run("workspace", "add", "https://git.example/a.git", "--name", "A");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().strip()).isEqualTo("w1");
        assertThat(gateway.requests.getFirst())
                .contains("\"sourceType\":\"git\"")
                .contains("\"path\":\"https://git.example/a.git\"")
                .contains("\"displayName\":\"A\"");
    }

    @Test
    void aWorkspaceThatFailsSaysWhy() {
        gateway.json("POST " + API + "workspaces", 201, "{\"id\":\"w1\",\"status\":\"cloning\"}");
        gateway.json("GET " + API + "workspaces/w1", 200, "{\"status\":\"error\",\"errorMessage\":\"host unknown\"}");

        Run run = gateway.run("workspace", "add", "https://git.example/a.git");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("host unknown");
    }

    @Test
    void aDiffIsAPatchThatCannotMoveTheCursor() {
        gateway.json("GET " + API + "sessions/s1/diff", 200, """
                {"files":[{"path":"a.txt","status":"modified","patch":"@@ -1 +1 @@\\n-old\\n+new\\u001b[2J\\n"}]}""");

        Run run = gateway.run("diff", "s1");

        assertThat(run.out()).contains("-old\n+new[2J").doesNotContain("\u001b");
    }

    @Test
    void anUnknownCommandIsAUsageErrorWithTheUsage() {
        Run run = gateway.run("frobnicate");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("frobnicate").contains("session");
    }
}
