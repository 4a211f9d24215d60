package dev.slipway.credential.rules;

import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.credential.provider.InjectionPoint;
import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialService;
import dev.slipway.credential.store.CredentialStore;
import dev.slipway.credential.store.RulesVersions;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes a project's rules. A credential that does not open is left out, and that is noted on it; the others hold. */
@Singleton
class Rules {
    private static final Logger LOG = LoggerFactory.getLogger(Rules.class);

    private final CredentialStore store;
    private final RulesVersions versions;
    private final Vault vault;

    Rules(CredentialStore store, RulesVersions versions, Vault vault) {
        this.store = store;
        this.versions = versions;
        this.vault = vault;
    }

    InjectionRules of(String projectId) {
        // The number is read first: rules that are newer than it says are corrected by the next push, older ones never.
        long version = versions.current(projectId);
        List<InjectionRule> rules = new ArrayList<>();
        for (Credential credential : store.list(projectId, null, CredentialService.PER_PROJECT_MAX)) {
            rules.addAll(rulesOf(credential));
        }
        return new InjectionRules(version, rules);
    }

    private List<InjectionRule> rulesOf(Credential credential) {
        byte[] secret;
        try {
            secret = credential.open(vault);
        } catch (SealedSecretException e) {
            note(credential, e);
            return List.of();
        }
        try {
            if (credential.problem() != null) {
                store.note(credential, null);
            }
            return rules(credential, new String(secret, StandardCharsets.US_ASCII));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static List<InjectionRule> rules(Credential credential, String secret) {
        List<InjectionPoint> points = credential.points();
        List<InjectionRule> rules = new ArrayList<>(points.size());
        for (InjectionPoint point : points) {
            rules.add(point.rule(credential.id() + "-" + rules.size(), credential.provider(), secret));
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
