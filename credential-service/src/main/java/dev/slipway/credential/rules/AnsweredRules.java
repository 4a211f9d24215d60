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
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rules of projects as they went over the wire last. A lookup asks the database whether a row of the project was written
 * since, and only then computes again. Not even that is asked where {@link RulesNews} proves that nothing was written: so a change
 * holds at once in the replica that made it, a moment later in the others, and everywhere after {@link #HEARD_FOR}. At most
 * {@link #BYTES_MAX} are kept, none longer than the secrets in it may stay open, and all are zeroed when they go.
 */
@Singleton
class AnsweredRules {
    /** How old what was heard may be. Half of what a change may take to hold in running sessions. */
    static final Duration HEARD_FOR = Duration.ofMillis(500);

    /** For how long after a lookup the next one is prepared for. */
    private static final Duration ASKED_FOR = Duration.ofSeconds(10);

    private static final int BYTES_MAX = 16 << 20;

    private final Rules rules;
    private final RulesVersions versions;
    private final Vault vault;
    private final ObjectMapper json;
    private final Clock clock;
    private final Map<String, Answer> byProject = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** Rises with every change that was heard of: who asked the database before one of them does not know of it. */
    private long changes;

    private volatile @Nullable Moment heardUntil;
    private volatile long askedAt = System.nanoTime() - ASKED_FOR.toNanos();

    AnsweredRules(Rules rules, RulesVersions versions, Vault vault, ObjectMapper json, Clock clock) {
        this.rules = rules;
        this.versions = versions;
        this.vault = vault;
        this.json = json;
        this.clock = clock;
    }

    private static final class Answer {
        private final byte[] json;
        private final RulesVersions.State state;
        private final Instant until;
        private final long openUntilNanos;
        private final String keyId;

        /** Whether nothing was heard of since the database was asked. */
        private boolean present;

        Answer(byte[] json, Rules.Computed computed, String keyId) {
            this.json = json;
            this.state = computed.state();
            this.until = computed.until();
            this.openUntilNanos = computed.openUntilNanos();
            this.keyId = keyId;
        }

        boolean isOver(Instant now) {
            return !now.isBefore(until) || openUntilNanos - System.nanoTime() <= 0;
        }

        @Override
        public String toString() {
            return "Answer[hidden]";
        }
    }

    /** The project's rules as JSON, if they are known without asking anybody; null otherwise. */
    byte @Nullable [] known(String projectId) {
        Moment heard = heardUntil;
        askedAt = System.nanoTime();
        if (heard == null || heard.isOver(now())) {
            return null;
        }
        synchronized (byProject) {
            Answer last = byProject.get(projectId);
            return last != null && last.present && holds(last) ? last.json.clone() : null;
        }
    }

    /** The project's rules as JSON, if the database says that nothing was written since; null otherwise. Waits for the database alone. */
    byte @Nullable [] unchanged(String projectId) {
        long before;
        synchronized (byProject) {
            before = changes;
        }
        RulesVersions.State state = versions.state(projectId);
        synchronized (byProject) {
            Answer last = byProject.get(projectId);
            if (last != null && last.state.equals(state) && holds(last)) {
                last.present = changes == before;
                return last.json.clone();
            }
        }
        return null;
    }

    /** The project's rules as JSON, computed. Waits for a provider or a key service as well, if need be. */
    byte[] computed(String projectId) {
        Rules.Computed computed = rules.compute(projectId, versions.state(projectId));
        byte[] written = write(computed);
        String keyId = computed.keyId();
        synchronized (byProject) {
            forget(byProject.remove(projectId));
            if (keyId != null) {
                byProject.put(projectId, new Answer(written.clone(), computed, keyId));
                bytes += written.length;
                makeRoom();
            }
        }
        return written;
    }

    private boolean holds(Answer last) {
        return Objects.equals(last.keyId, vault.knownKeyId()) && !last.isOver(clock.instant());
    }

    /** The next lookup of the project asks the database. */
    void changed(String projectId) {
        synchronized (byProject) {
            changes++;
            Answer last = byProject.get(projectId);
            if (last != null) {
                last.present = false;
            }
        }
    }

    /** The next lookup of every project asks the database. */
    void allChanged() {
        synchronized (byProject) {
            changes++;
            byProject.values().forEach(answer -> answer.present = false);
        }
    }

    /** All that was committed before this moment was told of. */
    void heardAllUntil(Moment moment) {
        heardUntil = moment;
    }

    /** The present moment. */
    Moment now() {
        return new Moment(System.nanoTime(), clock.millis());
    }

    /** By two clocks: one stands still while the machine is suspended, the other may be set. */
    record Moment(long nanos, long millis) {
        private boolean isOver(Moment now) {
            return now.nanos - nanos > HEARD_FOR.toNanos() || Math.abs(now.millis - millis) > HEARD_FOR.toMillis();
        }
    }

    /** Whether it is worth the while to hear of changes. */
    boolean areAskedFor() {
        return System.nanoTime() - askedAt < ASKED_FOR.toNanos();
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
