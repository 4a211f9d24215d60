package dev.slipway.session.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.agent.JournalEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is peculiar to each vendor's agent, as it was recorded, and what viewers get of it. */
class RecordedPeculiaritiesTest {
    private static List<Map<String, Object>> translate(List<JournalEntry> journal) {
        Translator translator = new Translator();
        List<Map<String, Object>> chunks = new ArrayList<>();
        journal.forEach(entry -> chunks.addAll(translator.accept(entry)));
        return chunks;
    }

    private static Stream<Map<String, Object>> updates(List<JournalEntry> journal, String kind) {
        return journal.stream()
                .filter(entry -> entry.kind().equals("acp.update"))
                .map(JournalEntry::data)
                .filter(data -> kind.equals(data.get("sessionUpdate")));
    }

    private static List<Map<String, Object>> ofType(List<Map<String, Object>> chunks, String type) {
        return chunks.stream().filter(chunk -> type.equals(chunk.get("type"))).toList();
    }

    @Test
    void geminiNamesAToolOnlyWhenItAsksAndItsInputStillComesFirst() {
        int found = 0;
        for (List<JournalEntry> turn : Recorded.turns("gemini.jsonl")) {
            List<Object> announced = updates(turn, "tool_call")
                    .map(data -> data.get("toolCallId"))
                    .toList();
            List<Map<String, Object>> chunks = translate(turn);
            for (JournalEntry entry : turn) {
                Map<String, Object> asked = Tree.object(Tree.object(entry.data(), "params"), "toolCall");
                if (!entry.kind().equals("acp.request") || announced.contains(asked.get("toolCallId"))) {
                    continue;
                }
                found++;
                List<Object> types = chunks.stream()
                        .filter(chunk -> Objects.equals(chunk.get("toolCallId"), asked.get("toolCallId")))
                        .map(chunk -> chunk.get("type"))
                        .toList();
                assertThat(types).startsWith("tool-input-start", "tool-input-available");
                assertThat(types.getLast()).isIn("tool-output-available", "tool-output-error");
            }
        }
        assertThat(found).isPositive();
    }

    @Test
    void codexTellsAnErrorOfTheModelAsItsOwnWordsAndTheTurnStillFails() {
        List<List<JournalEntry>> failed = Recorded.turns("codex.jsonl").stream()
                .filter(turn -> updates(turn, "session_info_update")
                        .anyMatch(data -> data.toString().contains("systemError")))
                .toList();

        assertThat(failed).isNotEmpty();
        for (List<JournalEntry> turn : failed) {
            assertThat(turn.getLast().data()).containsEntry("stopReason", "end_turn");
            assertThat(translate(turn).getLast()).containsEntry("finishReason", "error");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"codex.jsonl", "codex-read-only.jsonl", "gemini.jsonl", "opencode.jsonl", "claude.jsonl"})
    void noToolIsLeftOpenWhenATurnIsCancelled(String file) {
        for (List<JournalEntry> turn : Recorded.turns(file)) {
            if (!"cancelled".equals(turn.getLast().data().get("stopReason"))) {
                continue;
            }
            List<Map<String, Object>> chunks = translate(turn);

            List<Object> begun = ids(ofType(chunks, "tool-input-start"));
            List<Object> ended = new ArrayList<>(ids(ofType(chunks, "tool-output-error")));
            ended.addAll(ids(ofType(chunks, "tool-output-available")));
            assertThat(ended).containsAll(begun);
            assertThat(chunks.getLast()).containsEntry("type", "abort");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude.jsonl", "claude-tools.jsonl", "opencode.jsonl", "opencode-permission.jsonl"})
    void anInputThatComesEmptyAtFirstIsShownOnceItIsThere(String file) {
        int late = 0;
        for (List<JournalEntry> turn : Recorded.turns(file)) {
            Map<Object, List<Object>> inputs = new LinkedHashMap<>();
            Stream.concat(updates(turn, "tool_call"), updates(turn, "tool_call_update"))
                    .filter(data -> Tree.isFilled(data.get("rawInput")))
                    .forEach(data -> inputs.computeIfAbsent(data.get("toolCallId"), _ -> new ArrayList<>())
                            .add(data.get("rawInput")));
            // Who asks may say more of it than who tells.
            turn.stream()
                    .filter(entry -> entry.kind().equals("acp.request"))
                    .map(entry -> Tree.object(Tree.object(entry.data(), "params"), "toolCall"))
                    .forEach(asked -> inputs.computeIfAbsent(asked.get("toolCallId"), _ -> new ArrayList<>())
                            .add(asked.get("rawInput")));
            List<Object> emptyAtFirst = updates(turn, "tool_call")
                    .filter(data -> !Tree.isFilled(data.get("rawInput")))
                    .map(data -> data.get("toolCallId"))
                    .filter(inputs::containsKey)
                    .toList();
            List<Map<String, Object>> shown = ofType(translate(turn), "tool-input-available");
            assertThat(ids(shown)).containsAll(emptyAtFirst);
            for (Map<String, Object> chunk : shown) {
                if (emptyAtFirst.contains(chunk.get("toolCallId"))) {
                    assertThat(inputs.get(chunk.get("toolCallId"))).contains(chunk.get("input"));
                }
            }
            late += emptyAtFirst.size();
        }
        assertThat(late).isPositive();
    }

    private static List<Object> ids(List<Map<String, Object>> chunks) {
        return chunks.stream().map(chunk -> chunk.get("toolCallId")).toList();
    }
}
