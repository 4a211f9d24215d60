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
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    private final Clock clock;

    Rules(
            CredentialStore store,
            RulesVersions versions,
            OpenSecrets secrets,
            Refresher refresher,
            RewrapOnRead rewrap,
            Clock clock) {
        this.store = store;
        this.versions = versions;
        this.secrets = secrets;
        this.refresher = refresher;
        this.rewrap = rewrap;
        this.clock = clock;
    }

    InjectionRules of(String projectId) {
        // The number is read first: rules that are newer than it says are corrected by the next push, older ones never.
        long version = versions.current(projectId);
        List<Credential> credentials = store.all(projectId, CredentialService.PER_PROJECT_MAX);
        List<Credential> ending = credentials.stream().filter(this::isEnding).toList();
        if (!ending.isEmpty()) {
            refresh(ending);
            version = versions.current(projectId);
            credentials = store.all(projectId, CredentialService.PER_PROJECT_MAX);
        }
        List<InjectionRule> rules = new ArrayList<>();
        credentials.forEach(each -> rules.addAll(rulesOf(each)));
        return new InjectionRules(version, rules);
    }

    private void refresh(List<Credential> ending) {
        Instant end = clock.instant().plus(PATIENCE);
        for (Credential each : ending) {
            Duration left = Duration.between(clock.instant(), end);
            refresher.refresh(each, left.isNegative() ? Duration.ZERO : left);
        }
    }

    private boolean isEnding(Credential credential) {
        Instant end = credential.expiresAt();
        Instant due = credential.renewal().at();
        Instant now = clock.instant();
        return credential.refresh() != null
                && end != null
                && end.minus(TOO_SHORT).isBefore(now)
                && due != null
                && !due.isAfter(now);
    }

    private List<InjectionRule> rulesOf(Credential credential) {
        if (credential.type() == AuthType.SSH_KEY) {
            return List.of();
        }
        byte[] secret;
        try {
            secret = secrets.of(credential);
        } catch (SealedSecretException e) {
            note(credential, e);
            return List.of();
        }
        try {
            if (credential.problem() != null) {
                store.note(credential, null);
            }
            rewrap.read(credential);
            return rules(credential, new String(secret, StandardCharsets.US_ASCII));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static List<InjectionRule> rules(Credential credential, String secret) {
        List<InjectionPoint> points = credential.points();
        List<InjectionRule> rules = new ArrayList<>(points.size());
        for (InjectionPoint point : points) {
            rules.add(point.rule(
                    new InjectionPoint.Source(
                            credential.id() + "-" + rules.size(),
                            credential.provider(),
                            credential.ruleScope(),
                            credential.id()),
                    secret));
        }
        return rules;
    }

    private void note(Credential credential, SealedSecretException reason) {
        String problem = String.valueOf(reason.getMessage());
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
