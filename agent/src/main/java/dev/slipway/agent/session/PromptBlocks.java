package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes of a prompt what the agent at hand can read: files that the text mentions as {@code @path} become links to them, and
 * what the agent cannot take in the prompt itself is put into a file and linked too.
 */
final class PromptBlocks {
    private static final Pattern MENTION = Pattern.compile("(?<![\\w@])@([\\w./-]*[\\w/-])");
    private static final int MENTIONS_MAX = 50;
    private static final String IN_WORKSPACE = "workspace:";

    private final JsonNode capabilities;
    private final Path workspace;
    private final Path attachments;

    /**
     * @param capabilities the agent's {@code promptCapabilities}
     * @param attachments where files are put; made when the first is
     */
    PromptBlocks(JsonNode capabilities, Path workspace, Path attachments) {
        this.capabilities = capabilities;
        this.workspace = workspace;
        this.attachments = attachments;
    }

    ArrayNode adapt(JsonNode prompt) throws IOException {
        ArrayNode adapted = JsonNodeFactory.instance.arrayNode();
        Set<Path> mentioned = new LinkedHashSet<>();
        for (JsonNode block : prompt) {
            adapted.add(adapted(block, mentioned));
        }
        mentioned.forEach(
                file -> adapted.add(link(file, workspace.relativize(file).toString())));
        return adapted;
    }

    private JsonNode adapted(JsonNode block, Set<Path> mentioned) throws IOException {
        JsonNode resource = block.path("resource");
        String uri = block.path("uri").asText();
        return switch (block.path("type").asText()) {
            case "text" -> {
                mentionsOf(block.path("text").asText(), mentioned);
                yield block;
            }
            case "image" ->
                capabilities.path("image").asBoolean()
                        ? block
                        : saved(
                                imageName(block),
                                Base64.getDecoder().decode(block.path("data").asText()));
            // No agent reads binary data within a resource; a file is something that its tools can open.
            case "resource" ->
                resource.hasNonNull("blob")
                        ? saved(
                                nameOf(resource),
                                Base64.getDecoder().decode(resource.path("blob").asText()))
                        : capabilities.path("embeddedContext").asBoolean()
                                ? block
                                : saved(
                                        nameOf(resource),
                                        resource.path("text").asText().getBytes(StandardCharsets.UTF_8));
            case "resource_link" ->
                uri.startsWith(IN_WORKSPACE)
                        ? link(
                                inWorkspace(uri.substring(IN_WORKSPACE.length())),
                                block.path("name").asText())
                        : block;
            default -> block;
        };
    }

    private void mentionsOf(String text, Set<Path> mentioned) {
        Matcher mention = MENTION.matcher(text);
        while (mention.find() && mentioned.size() < MENTIONS_MAX) {
            try {
                Path file = inWorkspace(mention.group(1));
                if (!file.equals(workspace) && Files.exists(file)) {
                    mentioned.add(file);
                }
            } catch (IllegalArgumentException _) {
                // An address of somebody, or a path that leads out: no file that is meant.
            }
        }
    }

    private Path inWorkspace(String name) {
        try {
            Path file = workspace.resolve(name).normalize();
            if (!file.startsWith(workspace)) {
                throw new IllegalArgumentException("file: " + name + " (expected: one in the work tree)");
            }
            return file;
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("file: " + name + " (expected: a path)", e);
        }
    }

    private ObjectNode saved(String name, byte[] bytes) throws IOException {
        Files.createDirectories(attachments);
        Path file = attachments.resolve(Integer.toHexString(java.util.Arrays.hashCode(bytes)) + "-" + name);
        Files.write(file, bytes);
        return link(file, name);
    }

    private static ObjectNode link(Path file, String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "resource_link")
                .put("uri", file.toUri().toString())
                .put("name", name);
    }

    private static String imageName(JsonNode image) {
        String type = image.path("mimeType").asText("image/png");
        return "image." + type.substring(type.indexOf('/') + 1).replaceAll("[^A-Za-z0-9]", "_");
    }

    private static String nameOf(JsonNode resource) {
        String uri = resource.path("uri").asText("attachment");
        String last = uri.substring(uri.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
        return last.isEmpty() || last.startsWith(".") ? "attachment" : last;
    }
}
