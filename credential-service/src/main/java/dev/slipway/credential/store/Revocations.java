package dev.slipway.credential.store;

import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.provider.Provider;
import dev.slipway.credential.vault.Binding;
import dev.slipway.credential.vault.KeyServiceUnavailableException;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.job.JobQueue;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tokens of deleted credentials, sealed, until their providers have been told or it is given up. */
@Singleton
public class Revocations {
    /** The kind of the jobs that tell a provider; the key is a revocation's id. */
    public static final String JOB = "revoke-token";

    /** How long telling the provider is tried. */
    private static final Duration TRIED_FOR = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(Revocations.class);

    private final JdbcOperations jdbc;
    private final Vault vault;
    private final JobQueue jobs;

    Revocations(JdbcOperations jdbc, Vault vault, JobQueue jobs) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.jobs = jobs;
    }

    /** One of them; {@code sealed} opens with {@link #binding}. */
    public record Revocation(
            String id,
            String projectId,
            String flow,
            @Nullable String host,
            Sealed sealed,
            Instant giveUpAt) {
        /** The token; the caller zeroes it. */
        public byte[] open(Vault vault) throws SealedSecretException {
            return vault.open(binding(projectId, id), sealed.bytes());
        }
    }

    /** Queues the token of a credential that is being deleted, if a sign-in here gave it. */
    @Transactional(propagation = Propagation.MANDATORY)
    void add(Credential gone) {
        boolean signedIn = gone.refresh() != null || gone.kind() == Provider.GITHUB_COPILOT;
        if (gone.type() != AuthType.OAUTH || !signedIn) {
            return;
        }
        byte[] token;
        try {
            token = gone.refresh() == null ? gone.open(vault) : gone.openRefresh(vault);
        } catch (SealedSecretException | KeyServiceUnavailableException e) {
            LOG.atWarn()
                    .addKeyValue("credentialId", gone.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("token of a deleted credential cannot be revoked");
            return;
        }
        try {
            insert(gone, token);
        } finally {
            Arrays.fill(token, (byte) 0);
        }
    }

    /** The one of this id. */
    @Transactional
    public Optional<Revocation> find(String id) {
        String sql = "SELECT id, project_id, flow, host, sealed, give_up_at FROM revocation WHERE id = ?";
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Revocation(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                new Sealed(row.getBytes(5)),
                                row.getTimestamp(6).toInstant()))
                        : Optional.empty();
            }
        });
    }

    /** The provider knows, or it is given up. */
    @Transactional
    public void remove(String id) {
        jdbc.prepareStatement("DELETE FROM revocation WHERE id = ?", delete -> {
            delete.setString(1, id);
            return delete.executeUpdate();
        });
    }

    private void insert(Credential gone, byte[] token) {
        String id = Ids.text();
        byte[] sealed = vault.seal(binding(gone.projectId(), id), token);
        String sql = """
                INSERT INTO revocation (id, project_id, flow, host, sealed, key_id, give_up_at)
                VALUES (?, ?, ?, ?, ?, ?, now() + ? * interval '1 second')
                """;
        jdbc.prepareStatement(sql, insert -> {
            insert.setString(1, id);
            insert.setString(2, gone.projectId());
            insert.setString(3, gone.kind().wireName());
            insert.setString(4, gone.target().host());
            insert.setBytes(5, sealed);
            insert.setString(6, vault.keyIdOf(sealed));
            insert.setLong(7, TRIED_FOR.toSeconds());
            return insert.executeUpdate();
        });
        jobs.add(JOB, id, "");
    }

    private static Binding binding(String projectId, String id) {
        return new Binding(projectId, id, 1, "revocation");
    }
}
