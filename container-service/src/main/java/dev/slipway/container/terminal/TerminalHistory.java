package dev.slipway.container.terminal;

import dev.slipway.container.runtime.SandboxName;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what shells wrote, for as long as the session lives: copied when a viewer leaves, when somebody asks, before a stop. */
@Singleton
public class TerminalHistory {
    private static final Logger LOG = LoggerFactory.getLogger(TerminalHistory.class);
    private static final int LINES_MAX = 20_000;

    private final TerminalAgent agent;
    private final TerminalStore store;

    TerminalHistory(TerminalAgent agent, TerminalStore store) {
        this.agent = agent;
        this.store = store;
    }

    /** Copies what is new, as far as the agent answers. */
    public void copyQuietly(SandboxName name) {
        try {
            copy(name);
        } catch (IOException | RuntimeException e) {
            LOG.atDebug()
                    .addKeyValue("sessionId", name.sessionId())
                    .addKeyValue("reason", e.toString())
                    .log("terminal history not copied now");
        }
    }

    /** Copies what is new. */
    void copy(SandboxName name) throws IOException {
        long since = store.end(name.sessionId());
        try (TerminalLines lines = agent.output(name, OptionalLong.of(since), false)) {
            TerminalLines.Next next = lines.next();
            for (int count = 0; !next.ended() && count < LINES_MAX; count++) {
                TerminalLine line = next.line();
                if (line != null && !"position".equals(line.event())) {
                    store.add(name.sessionId(), line);
                }
                next = lines.next();
            }
        }
        store.trim(name.sessionId());
    }

    /** Forgets a session that is removed. */
    public void forget(String sessionId) {
        store.remove(sessionId);
    }
}
