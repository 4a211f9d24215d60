package dev.slipway.credential.signing;

import dev.slipway.credential.provider.AuthType;
import dev.slipway.credential.sshkey.MalformedSshKeyException;
import dev.slipway.credential.sshkey.SshKey;
import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialStore;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers workspace-service, and nobody else, as an ssh agent would. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/credentials/{id}")
class SshController {
    private static final String BORROWER = "workspace-service";

    /** More than an ssh client ever asks to be signed. */
    private static final int DATA_BYTES_MAX = 64 * 1024;

    private final CredentialStore store;
    private final Vault vault;

    SshController(CredentialStore store, Vault vault) {
        this.store = store;
        this.vault = vault;
    }

    @Get("/ssh-key")
    PublicKey key(String project, String id, Caller caller) {
        Credential credential = find(project, id, caller);
        String[] line = String.valueOf(credential.publicKey()).split(" ", 3);
        return new PublicKey(line[0], line.length < 2 ? "" : line[1]);
    }

    @Post("/ssh-sign")
    Signature sign(String project, String id, @Body ToSign body, Caller caller) {
        Credential credential = find(project, id, caller);
        byte[] data = data(body.data());
        byte[] stored = open(credential);
        try {
            int flags = body.flags() == null ? 0 : body.flags();
            byte[] signature = SshKey.ofStored(stored).sign(data, flags);
            return new Signature(Base64.getEncoder().encodeToString(signature));
        } catch (MalformedSshKeyException e) {
            throw ProblemException.unprocessable("flags", Objects.requireNonNull(e.getMessage()));
        } finally {
            Arrays.fill(stored, (byte) 0);
        }
    }

    private Credential find(String project, String id, Caller caller) {
        caller.requireService(BORROWER);
        // The role of a service opens every project elsewhere; keys are for the project that the token names.
        if (!project.equals(caller.projectId())) {
            throw ProblemException.notFound("project");
        }
        return store.find(project, id)
                .filter(found -> found.type() == AuthType.SSH_KEY)
                .orElseThrow(() -> ProblemException.notFound("ssh key"));
    }

    private byte[] open(Credential credential) {
        try {
            return credential.open(vault);
        } catch (SealedSecretException e) {
            throw ProblemException.conflict("unreadable", Objects.requireNonNull(e.getMessage()));
        }
    }

    private static byte[] data(@Nullable String sent) {
        byte[] data;
        try {
            data = Base64.getDecoder().decode(sent == null ? "" : sent);
        } catch (IllegalArgumentException _) {
            throw ProblemException.invalid("data", "not base64 (expected: the bytes to sign, in base64)");
        }
        if (data.length == 0 || data.length > DATA_BYTES_MAX) {
            throw ProblemException.invalid("data", data.length + " bytes (expected: 1 to " + DATA_BYTES_MAX + ")");
        }
        return data;
    }

    /** {@code publicKey} is the blob of RFC 4253 in base64. */
    @Serdeable
    record PublicKey(String type, String publicKey) {}

    /** What to sign, in base64; {@code flags} as in the agent protocol. */
    @Serdeable
    record ToSign(@Nullable String data, @Nullable Integer flags) {}

    /** A signature blob in base64. */
    @Serdeable
    record Signature(String signature) {}
}
