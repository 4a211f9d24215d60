package dev.slipway.credential.oauth;

import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialService;
import dev.slipway.credential.store.NextToken;
import dev.slipway.credential.vault.KeyServiceUnavailableException;
import dev.slipway.credential.vault.SealedSecretException;
import dev.slipway.credential.vault.Vault;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call for the next token, and what comes of it. To be made under the credential's lease. */
@Singleton
class RefreshAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshAttempt.class);

    /** What will not get better by asking again. */
    private static final Set<String> FINAL =
            Set.of("invalid_grant", "access_denied", "unauthorized", "bad_refresh_token", "refresh_token_reused");

    /** How long an answer is held for a database that is away. */
    private static final Duration HELD_FOR = Duration.ofMinutes(10);

    private static final Duration HELD_PAUSE = Duration.ofMillis(250);

    private final OAuthClients clients;
    private final TokenEndpoint endpoint;
    private final CredentialService credentials;
    private final RefreshSettings settings;
    private final Vault vault;
    private final Clock clock;

    RefreshAttempt(
            OAuthClients clients,
            TokenEndpoint endpoint,
            CredentialService credentials,
            RefreshSettings settings,
            Vault vault,
            Clock clock) {
        this.clients = clients;
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.settings = settings;
        this.vault = vault;
        this.clock = clock;
    }

    void run(Credential credential) throws InterruptedException {
        String provider = credential.kind().wireName();
        OAuthClient client = clients.configured(provider).orElse(null);
        if (client == null) {
            failed(
                    credential,
                    "Its provider cannot be asked for the next token: slipway.credential.oauth." + provider
                            + ".client-id is not set.",
                    settings.longestPause());
            return;
        }
        byte[] refresh;
        try {
            refresh = credential.openRefresh(vault);
        } catch (SealedSecretException e) {
            failed(credential, Objects.requireNonNull(e.getMessage()), null);
            return;
        } catch (KeyServiceUnavailableException e) {
            // Not asked at all, so nothing can be lost: the answer could not be sealed.
            failed(credential, Objects.requireNonNull(e.getMessage()), settings.firstPause());
            return;
        }
        String token = new String(refresh, StandardCharsets.US_ASCII);
        Arrays.fill(refresh, (byte) 0);
        switch (endpoint.refresh(client, credential.target().host(), token)) {
            case Grant.Given given -> keep(credential, given);
            case Grant.Refused(String error, Duration _)
            when FINAL.contains(error) ->
                failed(credential, "The provider no longer takes the sign-in (" + error + "). Sign in again.", null);
            case Grant.Refused(String error, Duration _) ->
                failed(
                        credential,
                        "The provider refused the next token (" + error + "). Have an operator check"
                                + " slipway.credential.oauth." + provider + ".",
                        settings.longestPause());
            case Grant.Unclear(String reason, Duration retryAfter) -> {
                Duration pause = settings.pause(credential.renewal().failures());
                failed(
                        credential,
                        "The provider could not be asked for the next token: " + reason + ".",
                        retryAfter != null && retryAfter.compareTo(pause) > 0 ? retryAfter : pause);
            }
        }
    }

    /** Nobody else has this token, and the one before it is void: it is held until the database has it. */
    private void keep(Credential credential, Grant.Given given) throws InterruptedException {
        NextToken next = new NextToken(given.token(), given.refresh(), given.lifetime());
        Instant end = clock.instant().plus(HELD_FOR);
        for (; ; ) {
            try {
                if (!credentials.refreshed(credential, next)) {
                    LOG.atInfo()
                            .addKeyValue("credentialId", credential.id())
                            .log("token not needed: the credential was changed meanwhile");
                }
                return;
            } catch (RuntimeException e) {
                if (clock.instant().isAfter(end)) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("credentialId", credential.id())
                        .addKeyValue("reason", e.toString())
                        .log("new token cannot be stored yet, will try again");
                Thread.sleep(HELD_PAUSE);
            }
        }
    }

    private void failed(Credential credential, String problem, @Nullable Duration pause) {
        credentials.refreshFailed(
                credential, problem, pause == null ? null : clock.instant().plus(pause));
    }
}
