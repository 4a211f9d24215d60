package dev.slipway.credential.rules;

import dev.slipway.credential.store.RulesVersions;
import dev.slipway.credential.vault.Vault;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.serde.ObjectMapper;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rules of projects as they went over the wire last. A lookup asks the database whether a row of the project was written
 * since, and only then computes again; so a change holds at once, in every replica. At most {@link #BYTES_MAX} are kept, none
 * longer than the secrets in it may stay open, and all are zeroed when they go.
 */
@Singleton
class AnsweredRules {
    private static final int BYTES_MAX = 16 << 20;

    private final Rules rules;
    private final RulesVersions versions;
    private final Vault vault;
    private final ObjectMapper json;
    private final Clock clock;
    private final Map<String, Answer> byProject = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    AnsweredRules(Rules rules, RulesVersions versions, Vault vault, ObjectMapper json, Clock clock) {
        this.rules = rules;
        this.versions = versions;
        this.vault = vault;
        this.json = json;
        this.clock = clock;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(byte[] json, RulesVersions.State state, Instant until, long openUntilNanos, String keyId) {
        boolean isOver(Instant now) {
            return !now.isBefore(until) || openUntilNanos - System.nanoTime() <= 0;
        }

        @Override
        public String toString() {
            return "Answer[hidden]";
        }
    }

    /** The project's rules as JSON. */
    byte[] of(String projectId) {
        RulesVersions.State state = versions.state(projectId);
        synchronized (byProject) {
            Answer last = byProject.get(projectId);
            if (last != null && holds(last, state)) {
                return last.json.clone();
            }
        }
        Rules.Computed computed = rules.compute(projectId, state);
        byte[] written = write(computed);
        String keyId = computed.keyId();
        synchronized (byProject) {
            forget(byProject.remove(projectId));
            if (keyId != null) {
                byProject.put(
                        projectId,
                        new Answer(
                                written.clone(), computed.state(), computed.until(), computed.openUntilNanos(), keyId));
                bytes += written.length;
                makeRoom();
            }
        }
        return written;
    }

    private boolean holds(Answer last, RulesVersions.State state) {
        return last.state.equals(state)
                && Objects.equals(last.keyId, vault.knownKeyId())
                && !last.isOver(clock.instant());
    }

    private byte[] write(Rules.Computed computed) {
        try {
            return json.writeValueAsBytes(computed.rules());
        } catch (IOException e) {
            throw new UncheckedIOException("rules cannot be written", e);
        }
    }

    private void makeRoom() {
        Iterator<Answer> eldest = byProject.values().iterator();
        while (bytes > BYTES_MAX && eldest.hasNext()) {
            forget(eldest.next());
            eldest.remove();
        }
    }

    @Scheduled(fixedDelay = "1m", initialDelay = "1m")
    void forgetOld() {
        Instant now = clock.instant();
        synchronized (byProject) {
            byProject.values().removeIf(answer -> {
                boolean over = answer.isOver(now);
                if (over) {
                    forget(answer);
                }
                return over;
            });
        }
    }

    @PreDestroy
    void forgetAll() {
        synchronized (byProject) {
            byProject.values().forEach(this::forget);
            byProject.clear();
        }
    }

    private void forget(@Nullable Answer answer) {
        if (answer != null) {
            bytes -= answer.json.length;
            Arrays.fill(answer.json, (byte) 0);
        }
    }
}
