package dev.slipway.credential.rules;

import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.credential.oauth.Refresher;
import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.provider.InjectionPoint;
import dev.slipway.credential.rotation.RewrapOnRead;
import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialService;
import dev.slipway.credential.store.CredentialStore;
import dev.slipway.credential.store.RulesVersions;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes a project's rules. A credential that does not open is left out, and that is noted on it; the others hold. */
@Singleton
class Rules {
    private static final Logger LOG = LoggerFactory.getLogger(Rules.class);

    /** A token that ends this soon is refreshed before it is given out. */
    private static final Duration TOO_SHORT = Duration.ofSeconds(20);

    /** How long that is waited for; the proxy itself waits two seconds. */
    private static final Duration PATIENCE = Duration.ofMillis(1500);

    private final CredentialStore store;
    private final RulesVersions versions;
    private final OpenSecrets secrets;
    private final Refresher refresher;
    private final RewrapOnRead rewrap;
    private final Vault vault;
    private final Clock clock;

    Rules(
            CredentialStore store,
            RulesVersions versions,
            OpenSecrets secrets,
            Refresher refresher,
            RewrapOnRead rewrap,
            Vault vault,
            Clock clock) {
        this.store = store;
        this.versions = versions;
        this.secrets = secrets;
        this.refresher = refresher;
        this.rewrap = rewrap;
        this.vault = vault;
        this.clock = clock;
    }

    /**
     * Rules, and how long the same ones may be given out again while the state stays what it was.
     *
     * @param until when a token among them is due to be refreshed
     * @param openUntilNanos when ({@link System#nanoTime}) a secret among them is to be opened again
     * @param keyId the master key that wraps them all; null if some are to be sealed anew, which reading them brings about
     */
    record Computed(
            InjectionRules rules,
            RulesVersions.State state,
            Instant until,
            long openUntilNanos,
            @Nullable String keyId) {}

    InjectionRules of(String projectId) {
        return compute(projectId, versions.state(projectId)).rules();
    }

    /** @param state read before: rules that are newer than it says are corrected by the next push or lookup, older ones never */
    Computed compute(String projectId, RulesVersions.State state) {
        RulesVersions.State seen = state;
        List<Credential> credentials = store.all(projectId, CredentialService.PER_PROJECT_MAX);
        List<Credential> ending = credentials.stream().filter(this::isEnding).toList();
        if (!ending.isEmpty()) {
            refresh(ending);
            seen = versions.state(projectId);
            credentials = store.all(projectId, CredentialService.PER_PROJECT_MAX);
        }
        List<InjectionRule> rules = new ArrayList<>();
        Instant until = Instant.MAX;
        long openUntil = System.nanoTime() + OpenSecrets.KEPT_FOR.toNanos();
        for (Credential each : credentials) {
            Instant due = dueAt(each);
            until = due != null && due.isBefore(until) ? due : until;
            long end = add(rules, each);
            openUntil = end - openUntil < 0 ? end : openUntil;
        }
        return new Computed(new InjectionRules(seen.version(), rules), seen, until, openUntil, keyOf(credentials));
    }

    private @Nullable String keyOf(List<Credential> credentials) {
        String current = vault.knownKeyId();
        boolean all = credentials.stream().allMatch(each -> each.keyId().equals(current));
        return all ? current : null;
    }

    private void refresh(List<Credential> ending) {
        Instant end = clock.instant().plus(PATIENCE);
        for (Credential each : ending) {
            Duration left = Duration.between(clock.instant(), end);
            refresher.refresh(each, left.isNegative() ? Duration.ZERO : left);
        }
    }

    private boolean isEnding(Credential credential) {
        Instant due = dueAt(credential);
        return due != null && !due.isAfter(clock.instant());
    }

    /** From when on its token is too old to be given out without a try to refresh it; null for never. */
    private static @Nullable Instant dueAt(Credential credential) {
        Instant end = credential.expiresAt();
        Instant due = credential.renewal().at();
        if (credential.refresh() == null || end == null || due == null) {
            return null;
        }
        Instant tooShort = end.minus(TOO_SHORT);
        return due.isAfter(tooShort) ? due : tooShort;
    }

    /** Adds its rules; the answer is when ({@link System#nanoTime}) its secret is to be opened again. */
    private long add(List<InjectionRule> rules, Credential credential) {
        long end = System.nanoTime() + OpenSecrets.KEPT_FOR.toNanos();
        if (credential.type() == AuthType.SSH_KEY) {
            return end;
        }
        OpenSecrets.Opened opened;
        try {
            opened = secrets.of(credential);
        } catch (SealedSecretException e) {
            note(credential, e);
            return end;
        }
        try {
            if (credential.problem() != null) {
                store.note(credential, null);
            }
            rewrap.read(credential);
            addRules(rules, credential, new String(opened.secret(), StandardCharsets.US_ASCII));
            return opened.endNanos();
        } finally {
            opened.zero();
        }
    }

    private static void addRules(List<InjectionRule> rules, Credential credential, String secret) {
        int number = 0;
        for (InjectionPoint point : credential.points()) {
            InjectionPoint.Source source = new InjectionPoint.Source(
                    credential.id() + "-" + number++, credential.provider(), credential.ruleScope(), credential.id());
            rules.add(point.rule(source, secret));
        }
    }

    private void note(Credential credential, SealedSecretException reason) {
        String problem = Objects.requireNonNull(reason.getMessage());
        if (problem.equals(credential.problem())) {
            return;
        }
        LOG.atError()
                .addKeyValue("projectId", credential.projectId())
                .addKeyValue("credentialId", credential.id())
                .addKeyValue("reason", problem)
                .log("credential does not open");
        store.note(credential, problem);
    }
}
