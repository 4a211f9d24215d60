package dev.slipway.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the journal promises: no gap, nothing shown that a crash could take back, any reader from anywhere. */
class JournalTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SMALL_SEGMENT = 4_000;

    @TempDir
    private Path folder;

    private Journal open() throws IOException {
        return Journal.open(folder, Clock.systemUTC(), SMALL_SEGMENT, (head, line, length) -> {});
    }

    private static JsonNode text(String text) {
        return JsonNodeFactory.instance.objectNode().put("text", text);
    }

    private static List<JsonNode> read(Journal journal, long after) throws IOException {
        var out = new ByteArrayOutputStream();
        journal.copy(after, out);
        List<JsonNode> entries = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            entries.add(JSON.readTree(line));
        }
        return entries;
    }

    @Test
    void anEntryHasNumberTimeTurnKindAndDataInTheOrderOfTheContract() throws Exception {
        try (Journal journal = open()) {
            journal.appendDurably("t1", "acp.update", text("ü\n"));
            journal.appendDurably(null, "agent.started", text(""));

            var out = new ByteArrayOutputStream();
            journal.copy(0, out);

            String[] lines = out.toString(StandardCharsets.UTF_8).split("\n", -1);
            assertThat(lines).hasSize(3);
            assertThat(lines[0])
                    .matches(
                            "\\{\"seq\":1,\"time\":\"[^\"]+Z\",\"turn\":\"t1\",\"kind\":\"acp.update\",\"data\":\\{\"text\":\"ü.n\"}}");
            assertThat(lines[1])
                    .matches(
                            "\\{\"seq\":2,\"time\":\"[^\"]+Z\",\"turn\":null,\"kind\":\"agent.started\",\"data\":\\{\"text\":\"\"}}");
        }
    }

    @Test
    void isReadFromAnyNumberOnAcrossSegments() throws Exception {
        try (Journal journal = open()) {
            for (int i = 1; i <= 500; i++) {
                journal.append("t", "k", text("entry " + i));
            }
            journal.appendDurably("t", "k", text("last"));

            assertThat(folder.toFile().list()).hasSizeGreaterThan(5);
            for (int after : new int[] {0, 1, 63, 64, 65, 250, 499, 500, 501, 900}) {
                List<JsonNode> entries = read(journal, after);
                assertThat(entries).hasSize(Math.max(0, 501 - after));
                for (int i = 0; i < entries.size(); i++) {
                    assertThat(entries.get(i).path("seq").asInt()).isEqualTo(after + i + 1);
                }
            }
        }
    }

    /** Cuts the files at any byte, as a crash may, and adds what a half-done write may leave; many times over. */
    @Test
    void afterACrashAtAnyByteItHasTheWholeLinesAndGoesOnWithoutAGap() throws Exception {
        var random = new Random(7);
        List<String> written = new ArrayList<>();
        for (int life = 0; life < 60; life++) {
            try (Journal journal = open()) {
                List<JsonNode> kept = read(journal, 0);
                assertThat(kept.size()).isLessThanOrEqualTo(written.size());
                for (int i = 0; i < kept.size(); i++) {
                    assertThat(kept.get(i).path("seq").asInt()).isEqualTo(i + 1);
                    assertThat(kept.get(i).path("data").path("text").asText()).isEqualTo(written.get(i));
                }
                written = new ArrayList<>(written.subList(0, kept.size()));
                assertThat(journal.lastSeq()).isEqualTo(kept.size());
                for (int i = random.nextInt(40); i >= 0; i--) {
                    String content = "life " + life + " \"\\\u00fc\n".repeat(1 + random.nextInt(12));
                    assertThat(journal.append("t", "k", text(content))).isEqualTo(written.size() + 1);
                    written.add(content);
                }
            }
            damage(random);
        }
    }

    private void damage(Random random) throws IOException {
        List<Path> files;
        try (var all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".ndjson"))
                    .sorted()
                    .toList();
        }
        try (FileChannel last = FileChannel.open(files.getLast(), StandardOpenOption.WRITE)) {
            long size = last.size();
            if (size > 0 && random.nextBoolean()) {
                last.truncate(Math.max(0, size - random.nextInt(300)));
            }
            last.position(last.size());
            switch (random.nextInt(4)) {
                case 0 -> last.write(StandardCharsets.UTF_8.encode("{\"seq\":99"));
                case 1 -> last.write(java.nio.ByteBuffer.allocate(100));
                case 2 ->
                    last.write(StandardCharsets.UTF_8.encode(
                            "{\"seq\":1,\"time\":\"x\",\"turn\":null,\"kind\":\"k\",\"data\":{}}\n"));
                default -> {
                    // Cut only.
                }
            }
        }
    }

    @Test
    void readersThatFollowAllSeeEverythingOnce() throws Exception {
        try (Journal journal = open()) {
            List<CompletableFuture<Long>> readers = new ArrayList<>();
            for (int r = 0; r < 4; r++) {
                var answer = new CompletableFuture<Long>();
                readers.add(answer);
                Thread.ofVirtual().start(() -> {
                    try {
                        answer.complete(follow(journal));
                    } catch (IOException | InterruptedException e) {
                        answer.completeExceptionally(e);
                    }
                });
            }
            for (int i = 1; i <= 1000; i++) {
                journal.append("t", "k", text("entry " + i));
            }

            for (CompletableFuture<Long> reader : readers) {
                assertThat(reader.get(20, java.util.concurrent.TimeUnit.SECONDS))
                        .isEqualTo(1000L * 1001 / 2);
            }
        }
    }

    /** Returns the sum of the numbers seen, when the thousandth has come. */
    private static long follow(Journal journal) throws IOException, InterruptedException {
        long done = 0;
        long sum = 0;
        while (done < 1000) {
            if (journal.await(done, Duration.ofSeconds(5))) {
                for (JsonNode entry : read(journal, done)) {
                    done = entry.path("seq").asLong();
                    sum += done;
                }
            }
        }
        return sum;
    }

    @Test
    void anEntryOfSomeMegabytesIsKeptWhole() throws Exception {
        String big = "äx".repeat(1_500_000);
        try (Journal journal = open()) {
            journal.appendDurably("t", "k", text(big));
        }
        try (Journal journal = open()) {
            assertThat(read(journal, 0).getFirst().path("data").path("text").asText())
                    .isEqualTo(big);
        }
    }
}
