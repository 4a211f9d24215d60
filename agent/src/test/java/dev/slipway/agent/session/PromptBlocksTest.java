package dev.slipway.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of mentions and attachments on their way to an agent. */
class PromptBlocksTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path workspace;

    private JsonNode adapt(String capabilities, String prompt) throws IOException {
        Path attachments = workspace.resolve(".git/attachments");
        return new PromptBlocks(JSON.readTree(capabilities), workspace, attachments).adapt(JSON.readTree(prompt));
    }

    @Test
    void aFileThatIsMentionedIsLinkedAndAnAddressIsNot() throws IOException {
        Files.createDirectories(workspace.resolve("src"));
        Files.writeString(workspace.resolve("src/a.txt"), "a");

        JsonNode adapted = adapt("{}", """
                [{"type":"text","text":"Read @src/a.txt, ask ada@example.org, not @../x nor @none.txt."}]""");

        assertThat(adapted).hasSize(2);
        assertThat(adapted.get(1).path("type").asText()).isEqualTo("resource_link");
        assertThat(adapted.get(1).path("uri").asText())
                .isEqualTo(workspace.resolve("src/a.txt").toUri().toString());
    }

    @Test
    void whatTheAgentCanTakeIsLeftAsItIs() throws IOException {
        String prompt = """
                [{"type":"image","mimeType":"image/png","data":"AAAA"},
                 {"type":"resource","resource":{"uri":"file:///attachments/n.txt","text":"note"}}]""";

        assertThat(adapt("{\"image\":true,\"embeddedContext\":true}", prompt)).isEqualTo(JSON.readTree(prompt));
    }

    @Test
    void whatItCannotTakeBecomesAFileThatItCanRead() throws IOException {
        JsonNode adapted = adapt("{}", """
                [{"type":"image","mimeType":"image/png","data":"AAAA"},
                 {"type":"resource","resource":{"uri":"file:///attachments/../evil.txt","text":"note"}},
                 {"type":"resource","resource":{"uri":"file:///attachments/b.pdf","blob":"AQID"}}]""");

        assertThat(adapted).hasSize(3).allSatisfy(block -> {
            Path file = Path.of(URI.create(block.path("uri").asText()));
            assertThat(file).startsWith(workspace.resolve(".git/attachments")).isRegularFile();
        });
        assertThat(Path.of(URI.create(adapted.get(2).path("uri").asText()))).hasBinaryContent(new byte[] {1, 2, 3});
    }
}
