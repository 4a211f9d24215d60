package dev.slipway.agent.log;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes log lines. A logging library would cost more memory than all the rest of this program's code. */
public final class Log {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Log() {}

    /** @param keysAndValues alternating; values are written by {@code String.valueOf} */
    public static void info(String sentence, @Nullable Object... keysAndValues) {
        write("info", sentence, keysAndValues);
    }

    /** Something that a person should look at, though the program goes on. */
    public static void warn(String sentence, @Nullable Object... keysAndValues) {
        write("warn", sentence, keysAndValues);
    }

    private static void write(String level, String sentence, @Nullable Object... keysAndValues) {
        ObjectNode line = JSON.createObjectNode();
        line.put("time", Instant.now().toString()).put("level", level).put("message", sentence);
        for (int i = 0; i + 1 < keysAndValues.length; i += 2) {
            line.put(String.valueOf(keysAndValues[i]), String.valueOf(keysAndValues[i + 1]));
        }
        OUT.println(line);
    }
}
