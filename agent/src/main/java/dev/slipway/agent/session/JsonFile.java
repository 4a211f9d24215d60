package dev.slipway.agent.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** One JSON document on the volume, replaced as a whole. */
record JsonFile(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Empty if it is not there, or was never whole. */
    Optional<JsonNode> read() throws IOException {
        try {
            return Optional.ofNullable(JSON.readTree(Files.readAllBytes(path))).filter(JsonNode::isObject);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            Log.warn("file is no JSON and is ignored", "file", path.getFileName());
            return Optional.empty();
        }
    }

    /** When this returns, the new content survives a power cut; before, the old one does. */
    void write(JsonNode content) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(content));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
