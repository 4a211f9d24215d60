package dev.slipway.session.transcript;

import dev.slipway.contracts.agent.JournalEntry;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The recorded agents' turns as the streams that viewers get: whole, cut off by somebody, and broken. */
public final class RecordedStreams {
    private RecordedStreams() {}

    /** Writes each stream into a file of its own; gives how many. */
    public static int write(Path folder) throws IOException {
        int written = 0;
        for (String file : Recorded.FILES) {
            for (List<JournalEntry> turn : Recorded.turns(file)) {
                Translator whole = new Translator();
                Translator aborted = new Translator();
                Translator failed = new Translator();
                List<Map<String, Object>> all = start();
                List<Map<String, Object>> half = start();
                List<Map<String, Object>> broken = start();
                turn.forEach(entry -> all.addAll(whole.accept(entry)));
                turn.subList(0, turn.size() / 2).forEach(entry -> half.addAll(aborted.accept(entry)));
                turn.subList(0, turn.size() / 2).forEach(entry -> broken.addAll(failed.accept(entry)));
                half.addAll(aborted.abort());
                broken.addAll(failed.fail("The sandbox is gone."));
                for (List<Map<String, Object>> chunks : List.of(all, half, broken)) {
                    Files.writeString(
                            folder.resolve("%03d-%s.sse"
                                    .formatted(written++, Path.of(file).getFileName())),
                            frames(chunks));
                }
            }
        }
        return written;
    }

    private static List<Map<String, Object>> start() {
        return new ArrayList<>(List.of(Chunk.of("start", "messageId", "m", "messageMetadata", Map.of("turnId", "t"))));
    }

    private static String frames(List<Map<String, Object>> chunks) throws IOException {
        StringBuilder frames = new StringBuilder();
        for (Map<String, Object> chunk : chunks) {
            frames.append("data: ")
                    .append(ObjectMapper.getDefault().writeValueAsString(chunk))
                    .append("\n\n");
        }
        return frames.append("data: [DONE]\n\n").toString();
    }
}
