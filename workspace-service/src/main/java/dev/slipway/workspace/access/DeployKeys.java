package dev.slipway.workspace.access;

import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.context.annotation.Value;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Base64;

/** Keys for ssh, which credential-service keeps: it shows the public part and signs, and the private part never leaves it. */
@Singleton
class DeployKeys {
    private static final String KEEPER = "credential-service";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final InternalClient client;
    private final String service;

    DeployKeys(InternalClient client, @Value("${micronaut.application.name}") String service) {
        this.client = client;
        this.service = service;
    }

    /**
     * A public key.
     *
     * @param publicKey base64 of its RFC 4253 blob
     */
    @Serdeable
    record PublicKey(String type, String publicKey) {
        byte[] blob() {
            return Base64.getDecoder().decode(publicKey);
        }
    }

    @Serdeable
    record ToSign(String data, int flags) {}

    @Serdeable
    record Signed(String signature) {}

    /** The credential's key; 422 if it has none. */
    PublicKey publicKey(String projectId, String credentialId) {
        try {
            return client.call(
                    Caller.system(service, projectId),
                    KEEPER,
                    "GET",
                    path(projectId, credentialId) + "/ssh-key",
                    null,
                    PublicKey.class,
                    DEADLINE);
        } catch (UpstreamProblemException e) {
            if (e.status() >= 400 && e.status() < 500) {
                throw ProblemException.unprocessable(
                        "credentialId", "there is no ssh key under it (expected: a credential that is an ssh key)");
            }
            throw e;
        }
    }

    /** A signature, as in the ssh-agent protocol: a blob with the algorithm and the signature. */
    byte[] sign(String projectId, String credentialId, byte[] data, int flags) {
        ToSign body = new ToSign(Base64.getEncoder().encodeToString(data), flags);
        Signed signed = client.call(
                Caller.system(service, projectId),
                KEEPER,
                "POST",
                path(projectId, credentialId) + "/ssh-sign",
                body,
                Signed.class,
                DEADLINE);
        return Base64.getDecoder().decode(signed.signature());
    }

    private static String path(String projectId, String credentialId) {
        return "/internal/projects/" + InternalClient.segment(projectId) + "/credentials/"
                + InternalClient.segment(credentialId);
    }
}
