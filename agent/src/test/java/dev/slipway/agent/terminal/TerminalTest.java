package dev.slipway.agent.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.agent.terminal.TerminalReader.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real shell on a real pseudo-terminal. */
@Timeout(60)
class TerminalTest {
    @TempDir
    private Path folder;

    private Terminal terminal;

    @BeforeEach
    void make() throws IOException {
        terminal = boot();
    }

    private Terminal boot() throws IOException {
        return Terminal.of(
                folder.resolve("data"), folder.resolve("workspace"), () -> Map.of("PS1", "$ "), Clock.systemUTC());
    }

    @AfterEach
    void end() {
        terminal.close();
        // The shell's end is written down by another thread; the folder must not go before that.
        await().until(() -> {
            List<Item> all = items(0);
            return all.isEmpty() || all.getLast() instanceof Item.Exited;
        });
    }

    @Test
    void aShellIsOnATerminalOfTheSizeThatWasAskedFor() throws IOException {
        Files.createDirectories(folder.resolve("workspace"));
        terminal.open(31, 97, OptionalLong.empty());

        type("stty size; tty; pwd\n");

        await().untilAsserted(() -> assertThat(text()).contains("31 97", "/dev/pts/", "/workspace"));
        terminal.resize(40, 120);
        type("stty size\n");
        await().untilAsserted(() -> assertThat(text()).contains("40 120"));
    }

    @Test
    void theKeyForInterruptReachesWhatRuns() throws IOException {
        terminal.open(24, 80, OptionalLong.empty());
        // Only the command itself writes the word in one piece: what is typed before the shell reads would be for the
        // shell.
        type("echo be''gun; sleep 1000\n");
        await().until(() -> text().contains("begun"));

        // Once: a second one would be for the shell, which may lose what is typed next.
        type("\u0003");
        await().until(() -> text().contains("^C"));
        type("echo still here $((1 + 1))\n");

        await().untilAsserted(() -> assertThat(text()).contains("still here 2"));
    }

    @Test
    void theShellsEndIsToldWithItsCodeAndTheNextOneGoesOn() throws IOException {
        terminal.open(24, 80, OptionalLong.empty());
        type("exit 7\n");
        await().until(() -> !terminal.isRunning());
        long end = terminal.end();

        assertThat(items(0).getLast())
                .isInstanceOfSatisfying(
                        Item.Exited.class, exited -> assertThat(exited.code()).isEqualTo(7));
        terminal.open(24, 80, OptionalLong.of(end));
        assertThat(terminal.isRunning())
                .as("who has yet to see the end sees it")
                .isFalse();
        terminal.open(24, 80, OptionalLong.empty());
        assertThat(terminal.isRunning()).isTrue();
        type("echo second\n");
        await().untilAsserted(() -> assertThat(text()).contains("exit 7", "second"));
    }

    @Test
    void whoComesBackGetsExactlyTheRest() throws IOException {
        terminal.open(24, 80, OptionalLong.empty());
        type("for i in $(seq 1 10000); do printf '\\033[3%dmline %05d é€\\033[0m\\n' $((i % 8)) $i; done; exit\n");
        await().atMost(Duration.ofSeconds(40)).until(() -> !terminal.isRunning());

        List<Item> all = items(0);
        byte[] whole = bytes(all);
        assertThat(new String(whole, StandardCharsets.UTF_8)).contains("line 00001 é€", "line 10000 é€");
        for (int cut : new int[] {1, all.size() / 3, all.size() / 2, all.size() - 2}) {
            long since = all.get(cut).seq();
            byte[] rest = bytes(items(since));
            assertThat(since + rest.length).isEqualTo(whole.length);
            assertThat(whole).endsWith(rest);
        }
        assertThat(all.stream().filter(Item.Output.class::isInstance).map(item -> ((Item.Output) item).base64()))
                .allSatisfy(
                        base64 -> assertThat(mayBeCutBehind(Base64.getDecoder().decode(base64)))
                                .isTrue());
    }

    @Test
    void anotherLifeOfTheSandboxKeepsTheOutputAndSaysThatTheShellIsGone() throws IOException {
        terminal.open(24, 80, OptionalLong.empty());
        type("echo before\n");
        await().until(() -> text().contains("before\r\n"));

        Terminal next = boot();

        List<Item> items = itemsOf(next, 0);
        assertThat(new String(bytes(items), StandardCharsets.UTF_8)).contains("before");
        assertThat(items.getLast())
                .isInstanceOfSatisfying(
                        Item.Exited.class, exited -> assertThat(exited.code()).isNull());
    }

    @Test
    void onlyTheLastMegabytesAreKept() throws IOException {
        TerminalLog log = TerminalLog.open(folder.resolve("log"));
        byte[] line = ("x".repeat(1022) + "\r\n").getBytes(StandardCharsets.US_ASCII);

        for (int i = 0; i < 20 * 1024; i++) {
            log.append(line, line.length);
        }

        assertThat(log.end()).isEqualTo(20L << 20);
        assertThat(log.base()).isBetween(11L << 20, 13L << 20);
        assertThat(log.read(0, 1024).bytes).isEqualTo(line);
        assertThat(folder.resolve("log").toFile().list()).hasSizeLessThanOrEqualTo(TerminalLog.FILES_MAX);
    }

    private static boolean mayBeCutBehind(byte[] bytes) {
        EscapeScanner scanner = new EscapeScanner();
        boolean last = true;
        for (byte next : bytes) {
            last = scanner.accept(next);
        }
        return last;
    }

    private void type(String keys) {
        assertThat(terminal.input(keys.getBytes(StandardCharsets.UTF_8))).isTrue();
    }

    private String text() throws IOException {
        return new String(bytes(items(0)), StandardCharsets.UTF_8);
    }

    private List<Item> items(long since) throws IOException {
        return itemsOf(terminal, since);
    }

    private static List<Item> itemsOf(Terminal terminal, long since) throws IOException {
        TerminalReader reader = terminal.read(OptionalLong.of(since));
        List<Item> items = new ArrayList<>();
        for (Optional<Item> next = reader.next(); next.isPresent(); next = reader.next()) {
            items.add(next.get());
        }
        return items;
    }

    private static byte[] bytes(List<Item> items) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Item item : items) {
            if (item instanceof Item.Output output) {
                all.writeBytes(Base64.getDecoder().decode(output.base64()));
            }
        }
        return all.toByteArray();
    }
}
