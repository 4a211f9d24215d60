package dev.slipway.credential.oauth;

import dev.slipway.credential.outgoing.UnreachableException;
import dev.slipway.credential.store.Revocations;
import dev.slipway.credential.store.Revocations.Revocation;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.RetryLaterException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a provider that a deleted credential's token is void (RFC 7009); given up after the time that the row says. */
@Singleton
final class RevokeJob implements JobHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RevokeJob.class);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Revocations revocations;
    private final OAuthClients clients;
    private final TokenEndpoint endpoint;
    private final Vault vault;
    private final Clock clock;

    RevokeJob(Revocations revocations, OAuthClients clients, TokenEndpoint endpoint, Vault vault, Clock clock) {
        this.revocations = revocations;
        this.clients = clients;
        this.endpoint = endpoint;
        this.vault = vault;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return Revocations.JOB;
    }

    @Override
    public void run(Job job) {
        revocations.find(job.key()).ifPresent(this::revoke);
    }

    private void revoke(Revocation revocation) {
        Optional<OAuthClient> client = clients.configured(revocation.flow())
                .filter(each -> !each.revokeUrl().isBlank());
        String outcome = client.map(each -> tell(each, revocation)).orElse("the provider has no address for it");
        if (!outcome.isEmpty() && client.isPresent() && clock.instant().isBefore(revocation.giveUpAt())) {
            throw new RetryLaterException(PAUSE);
        }
        revocations.remove(revocation.id());
        LOG.atInfo()
                .addKeyValue("projectId", revocation.projectId())
                .addKeyValue("provider", revocation.flow())
                .addKeyValue("reason", outcome)
                .log(outcome.isEmpty() ? "token revoked" : "token not revoked");
    }

    /** Why it did not work; empty if it did. */
    private String tell(OAuthClient client, Revocation revocation) {
        try {
            byte[] token = revocation.open(vault);
            String text = new String(token, StandardCharsets.US_ASCII);
            Arrays.fill(token, (byte) 0);
            int status = endpoint.revoke(client, revocation.host(), text);
            return status == 200 || status == 204 ? "" : "the provider answered " + status;
        } catch (SealedSecretException | UnreachableException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
