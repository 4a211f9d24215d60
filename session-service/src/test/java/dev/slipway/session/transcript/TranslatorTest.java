package dev.slipway.session.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.agent.JournalEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How what real agents sent reads as a UI message stream. */
class TranslatorTest {
    static Stream<Arguments> everyRecordedTurn() {
        return Recorded.FILES.stream().flatMap(file -> {
            List<List<JournalEntry>> turns = Recorded.turns(file);
            return IntStream.range(0, turns.size()).mapToObj(i -> Arguments.of(file, i, turns.get(i)));
        });
    }

    private static List<Map<String, Object>> translate(List<JournalEntry> journal) {
        Translator translator = new Translator();
        List<Map<String, Object>> chunks = new ArrayList<>();
        journal.forEach(entry -> chunks.addAll(translator.accept(entry)));
        return chunks;
    }

    private static JournalEntry entry(String kind, Map<String, Object> data) {
        return new JournalEntry(1, Instant.EPOCH, "t", kind, data);
    }

    private static JournalEntry update(String kind, Object... pairs) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("sessionUpdate", kind);
        data.putAll(Chunk.object(pairs));
        return entry("acp.update", data);
    }

    private static List<Object> types(List<Map<String, Object>> chunks) {
        return chunks.stream().map(chunk -> chunk.get("type")).toList();
    }

    @ParameterizedTest(name = "{0} turn {1}")
    @MethodSource("everyRecordedTurn")
    void keepsTheGrammarAndComesToAnEnd(String file, int number, List<JournalEntry> journal) {
        StreamGrammar grammar = new StreamGrammar();

        translate(journal).forEach(grammar::accept);

        assertThat(grammar.isOver()).isTrue();
        assertThat(grammar.chunks()).isGreaterThan(2);
    }

    @ParameterizedTest(name = "{0} turn {1}")
    @MethodSource("everyRecordedTurn")
    void keepsTheGrammarWhereverItIsCutOff(String file, int number, List<JournalEntry> journal) {
        for (int cut = 0; cut < journal.size(); cut++) {
            Translator aborted = new Translator();
            Translator failed = new Translator();
            StreamGrammar ofAborted = new StreamGrammar();
            StreamGrammar ofFailed = new StreamGrammar();

            journal.subList(0, cut).forEach(entry -> {
                aborted.accept(entry).forEach(ofAborted::accept);
                failed.accept(entry).forEach(ofFailed::accept);
            });
            aborted.abort().forEach(ofAborted::accept);
            failed.fail("The sandbox is gone.").forEach(ofFailed::accept);

            assertThat(ofAborted.isOver()).isTrue();
            assertThat(ofFailed.isOver()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0} turn {1}")
    @MethodSource("everyRecordedTurn")
    void goesOnAfterACrashAsIfNothingHadHappened(String file, int number, List<JournalEntry> journal) {
        List<String> whole = translate(journal).stream().map(Recorded::write).toList();
        int cut = journal.size() / 2;
        List<JournalEntry> stored = journal.stream()
                .map(entry -> entry(entry.kind(), Recorded.object(Recorded.write(entry.data()))))
                .toList();

        List<String> pieces = new ArrayList<>();
        translate(stored.subList(0, cut)).stream().map(Recorded::write).forEach(pieces::add);
        Translator again = new Translator();
        stored.subList(0, cut).forEach(again::accept);
        stored.subList(cut, stored.size()).stream()
                .flatMap(entry -> again.accept(entry).stream())
                .map(Recorded::write)
                .forEach(pieces::add);

        assertThat(pieces).isEqualTo(whole);
    }

    @ParameterizedTest(name = "{0} turn {1}")
    @MethodSource("everyRecordedTurn")
    void foldsIntoAMessageWithAllThatWasSaid(String file, int number, List<JournalEntry> journal) {
        MessageFold fold = new MessageFold();
        translate(journal).forEach(fold::accept);
        String said = String.join(
                "",
                journal.stream()
                        .filter(entry ->
                                "agent_message_chunk".equals(entry.data().get("sessionUpdate")))
                        .map(entry -> String.valueOf(
                                Tree.object(entry.data(), "content").get("text")))
                        .toList());

        String kept = String.join(
                "",
                fold.parts().stream()
                        .filter(part -> "text".equals(part.get("type")))
                        .map(part -> String.valueOf(part.get("text")))
                        .toList());

        assertThat(kept).isEqualTo(said);
        assertThat(fold.parts())
                .filteredOn(part -> "dynamic-tool".equals(part.get("type")))
                .allSatisfy(part -> assertThat(part)
                        .containsKeys("toolName", "toolCallId", "input")
                        .satisfiesAnyOf(
                                done -> assertThat(done)
                                        .containsEntry("state", "output-available")
                                        .containsKey("output"),
                                failed -> assertThat(failed)
                                        .containsEntry("state", "output-error")
                                        .containsKey("errorText")));
        assertThat(fold.metadata()).containsEntry("commit", "c0ffee");
    }

    @Test
    void aToolThatOnlyAPermissionRequestNamesHasItsInputBeforeItsOutput() {
        List<Map<String, Object>> chunks = translate(List.of(
                entry("turn.started", Map.of()),
                entry(
                        "acp.request",
                        Map.of(
                                "requestId",
                                "r1",
                                "params",
                                Map.of(
                                        "toolCall",
                                        Map.of(
                                                "toolCallId",
                                                "write_file__1",
                                                "title",
                                                "Writing to a.txt",
                                                "kind",
                                                "edit"),
                                        "options",
                                        List.of(Map.of("optionId", "yes"))))),
                entry("acp.request.resolved", Map.of("requestId", "r1", "optionId", "yes")),
                update("tool_call_update", "toolCallId", "write_file__1", "status", "completed"),
                entry("turn.ended", Map.of("stopReason", "end_turn"))));

        assertThat(types(chunks))
                .containsExactly(
                        "start-step",
                        "tool-input-start",
                        "tool-input-available",
                        "data-permission",
                        "data-permission",
                        "tool-output-available",
                        "finish-step",
                        "finish");
        assertThat(chunks.get(1)).containsEntry("toolName", "write_file");
    }

    @Test
    void anErrorThatCodexTellsAsTextStillFailsTheTurn() {
        Translator translator = new Translator();
        List<Map<String, Object>> last = new ArrayList<>();
        List.of(
                        entry("turn.started", Map.of()),
                        update(
                                "session_info_update",
                                "_meta",
                                Map.of("codex", Map.of("threadStatus", Map.of("type", "systemError")))),
                        entry("turn.ended", Map.of("stopReason", "end_turn")))
                .forEach(entry -> {
                    last.clear();
                    last.addAll(translator.accept(entry));
                });

        assertThat(last.getLast()).containsEntry("finishReason", "error");
        assertThat(translator.summary().outcome()).isEqualTo(TurnSummary.Outcome.FAILED);
    }

    @Test
    void aToolThatIsOpenWhenTheTurnIsCancelledGetsAnError() {
        List<Map<String, Object>> chunks = translate(List.of(
                entry("turn.started", Map.of()),
                update("tool_call", "toolCallId", "c1", "title", "sleep 40", "status", "in_progress"),
                entry("turn.ended", Map.of("stopReason", "cancelled"))));

        assertThat(types(chunks))
                .containsExactly(
                        "start-step",
                        "tool-input-start",
                        "tool-input-available",
                        "tool-output-error",
                        "finish-step",
                        "abort");
    }

    @Test
    void aMegabyteOfShellOutputCostsNotMuchMoreThanItself() {
        Translator translator = new Translator();
        translator.accept(entry("turn.started", Map.of()));
        long bytes = 0;
        for (int i = 0; i < 1_000; i++) {
            JournalEntry delta = update(
                    "tool_call_update",
                    "toolCallId",
                    "c1",
                    "status",
                    "in_progress",
                    "_meta",
                    Map.of("terminal_output_delta", Map.of("data", "x".repeat(1_000))));
            bytes += translator.accept(delta).stream()
                    .mapToLong(chunk -> Recorded.write(chunk).length())
                    .sum();
        }
        List<Map<String, Object>> last =
                translator.accept(update("tool_call_update", "toolCallId", "c1", "status", "completed"));

        assertThat(bytes).isLessThan(2_000_000);
        assertThat(Recorded.write(last.getFirst())).contains("x".repeat(1_000_000));
    }

    @Test
    void unknownUpdatesPassAsData() {
        assertThat(translate(List.of(update("something_new", "a", 1))))
                .containsExactly(Map.of(
                        "type",
                        "data-acp",
                        "data",
                        Map.of("sessionUpdate", "something_new", "a", 1),
                        "transient",
                        true));
    }

    @Test
    void aBetterTitleReachesViewersAndTheStoredMessage() {
        List<Map<String, Object>> chunks = translate(List.of(
                entry("turn.started", Map.of()),
                update("tool_call", "toolCallId", "c", "title", "Preparing file…", "kind", "edit", "status", "pending"),
                update(
                        "tool_call_update",
                        "toolCallId",
                        "c",
                        "title",
                        "Write a.txt",
                        "rawInput",
                        Map.of("path", "a.txt")),
                update("tool_call_update", "toolCallId", "c", "title", "Write a.txt (2 lines)"),
                update("tool_call_update", "toolCallId", "c", "status", "completed", "rawOutput", "ok"),
                entry("turn.ended", Map.of("stopReason", "end_turn"))));
        MessageFold fold = new MessageFold();
        StreamGrammar grammar = new StreamGrammar();
        chunks.forEach(fold::accept);
        chunks.forEach(grammar::accept);

        assertThat(chunks.stream()
                        .filter(chunk -> "tool-input-available".equals(chunk.get("type")))
                        .map(chunk -> chunk.get("title")))
                .containsExactly("Write a.txt", "Write a.txt (2 lines)");
        assertThat(fold.parts())
                .anySatisfy(part -> assertThat(part)
                        .containsEntry("type", "dynamic-tool")
                        .containsEntry("title", "Write a.txt (2 lines)"));
    }
}
