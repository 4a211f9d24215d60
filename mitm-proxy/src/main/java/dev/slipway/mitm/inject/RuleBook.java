package dev.slipway.mitm.inject;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.slipway.contracts.credential.InjectionRules;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The injection rules of every project that has a session here. Rules arrive by push or are asked for when they are first needed; of two
 * versions the higher one stays.
 */
public final class RuleBook {
    /** Asks the owner of the rules; must not block the caller. */
    @FunctionalInterface
    public interface Source {
        /** The project's present rules. */
        CompletableFuture<InjectionRules> rulesOf(String projectId);
    }

    /** How long a request may wait for rules that are not known yet. */
    public static final Duration WAIT_MAX = Duration.ofSeconds(2);

    /** After this an answer that was older than what had been known is asked for again. By then its giver knows of the change. */
    private static final Duration AGAIN = Duration.ofMillis(600);

    private static final int FORGOTTEN_MAX = 10_000;

    private final Source source;
    private final Map<String, Long> forgotten = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > FORGOTTEN_MAX;
        }
    });
    private final Map<String, RuleSet> known = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<RuleSet>> asked = new ConcurrentHashMap<>();

    /** A book that asks this source for what it does not know. */
    public RuleBook(Source source) {
        this.source = source;
    }

    /** The rules if they are known; the data path's first question. */
    public Optional<RuleSet> known(String projectId) {
        return Optional.ofNullable(known.get(projectId));
    }

    /**
     * The rules, asked for if need be; fails after {@link #WAIT_MAX}. Many requests at once make one question.
     */
    public CompletableFuture<RuleSet> rulesOf(String projectId) {
        RuleSet present = known.get(projectId);
        return present != null ? CompletableFuture.completedFuture(present) : refresh(projectId);
    }

    /** Asks again and replaces what is known; until the answer is there the old rules hold. */
    public CompletableFuture<RuleSet> refresh(String projectId) {
        CompletableFuture<RuleSet> mine = new CompletableFuture<>();
        CompletableFuture<RuleSet> running = asked.putIfAbsent(projectId, mine);
        if (running != null) {
            return running;
        }
        source.rulesOf(projectId)
                .thenCompose(
                        rules -> isOlderThanForgotten(projectId, rules) ? again(projectId) : completedFuture(rules))
                .orTimeout(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((rules, failure) -> {
                    asked.remove(projectId);
                    if (failure != null) {
                        mine.completeExceptionally(failure);
                    } else {
                        mine.complete(learn(projectId, rules));
                    }
                });
        return mine;
    }

    /** Takes rules that were pushed or fetched, unless newer ones are known; answers with those that hold now. */
    public RuleSet learn(String projectId, InjectionRules rules) {
        return known.merge(
                projectId, RuleSet.of(rules), (old, fresh) -> fresh.version() >= old.version() ? fresh : old);
    }

    private boolean isOlderThanForgotten(String projectId, InjectionRules rules) {
        return rules.version() < forgotten.getOrDefault(projectId, Long.MIN_VALUE);
    }

    private CompletableFuture<InjectionRules> again(String projectId) {
        return CompletableFuture.supplyAsync(
                        () -> projectId, CompletableFuture.delayedExecutor(AGAIN.toMillis(), TimeUnit.MILLISECONDS))
                .thenCompose(source::rulesOf);
    }

    /** Forgets a project whose last session here has gone, but not how new its rules were. */
    public void forget(String projectId) {
        RuleSet last = known.remove(projectId);
        if (last != null) {
            forgotten.merge(projectId, last.version(), Math::max);
        }
    }
}
