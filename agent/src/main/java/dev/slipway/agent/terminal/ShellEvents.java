package dev.slipway.agent.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When shells began and ended, the last {@value #KEPT} events, in a file on the volume. */
final class ShellEvents {
    private static final int KEPT = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final List<ShellEvent> events = new ArrayList<>();

    private ShellEvents(Path file) {
        this.file = file;
    }

    static ShellEvents open(Path file) throws IOException {
        ShellEvents opened = new ShellEvents(file);
        try {
            for (String line : Files.readAllLines(file)) {
                opened.events.add(ShellEvent.parse(JSON.readTree(line)));
            }
        } catch (NoSuchFileException _) {
            return opened;
        } catch (JsonProcessingException | DateTimeParseException e) {
            Log.warn("the file of shells is damaged and is begun anew", "error", e.getMessage());
        }
        return opened;
    }

    synchronized Optional<ShellEvent> last() {
        return events.isEmpty() ? Optional.empty() : Optional.of(events.getLast());
    }

    /** The event that follows {@code after}; without one, the first that lies at or behind that position. */
    synchronized @Nullable ShellEvent next(long position, @Nullable ShellEvent after) {
        int known = after == null ? -1 : events.indexOf(after);
        if (known >= 0) {
            return known + 1 < events.size() ? events.get(known + 1) : null;
        }
        return events.stream()
                .filter(event -> event.at() >= position)
                .findFirst()
                .orElse(null);
    }

    synchronized void add(long at, boolean started, @Nullable Integer exitCode, Instant time) {
        events.add(new ShellEvent(at, started, exitCode, time));
        if (events.size() > KEPT) {
            events.removeFirst();
        }
        StringBuilder lines = new StringBuilder();
        events.forEach(event -> lines.append(event.toJson()).append('\n'));
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(next, lines.toString().getBytes(StandardCharsets.UTF_8));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Log.warn("a shell's beginning or end cannot be written down", "error", e.getMessage());
        }
    }
}
