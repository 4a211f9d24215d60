package dev.slipway.credential.vault;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.micronaut.serde.annotation.Serdeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What lets us in to Vault: a token of the configuration, a file that Vault's agent keeps, or a login by AppRole, whose token is
 * renewed at half of its life and replaced by another login when it has ended or was revoked.
 */
final class TransitLogin {
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(10);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    /** Calls Vault below {@code /v1}, with this token or none. */
    @FunctionalInterface
    interface Caller {
        /**
         * Posts a body; the answer is the part {@code auth}.
         *
         * @throws TransitClient.Refused with Vault's words if it refuses the body
         * @throws KeyServiceUnavailableException if there is no usable answer
         */
        Auth post(String path, @Nullable String token, Map<String, String> body) throws TransitClient.Refused;
    }

    /** Vault's answer to a login and to a renewal. */
    @Serdeable
    record Auth(
            @JsonProperty("client_token") @Nullable String clientToken,
            @JsonProperty("lease_duration") @Nullable Long leaseDuration,
            @Nullable Boolean renewable) {
        @Override
        public String toString() {
            return "Auth[hidden]";
        }
    }

    private record Lease(String token, long renewAtNanos, long endNanos, boolean renewable) {
        @Override
        public String toString() {
            return "Lease[hidden]";
        }
    }

    private final TransitSettings settings;
    private final Caller caller;
    private @Nullable Lease lease;
    private @Nullable String refusal;
    private long tryAgainNanos;

    TransitLogin(TransitSettings settings, Caller caller) {
        this.settings = settings;
        this.caller = caller;
    }

    /**
     * The token to call with at present.
     *
     * @throws KeyServiceUnavailableException if there is none
     */
    String token() {
        if (!settings.tokenFile().isBlank()) {
            return read(settings.tokenFile(), "its token");
        }
        return isByRole() ? leased() : settings.token();
    }

    /** Vault refused this token; whether it is worth to ask once more with {@link #token}. */
    synchronized boolean refused(String token) {
        if (!isByRole()) {
            return false;
        }
        if (lease != null && lease.token().equals(token)) {
            lease = null;
        }
        return true;
    }

    private boolean isByRole() {
        return settings.token().isBlank()
                && settings.tokenFile().isBlank()
                && !settings.roleId().isBlank();
    }

    private synchronized String leased() {
        long now = System.nanoTime();
        Lease held = lease;
        if (held != null && now - held.renewAtNanos() >= 0) {
            held = held.renewable() ? renewed(held, now) : now - held.endNanos() < 0 ? held : null;
        }
        if (held == null) {
            held = login(now);
        }
        lease = held;
        return held.token();
    }

    /** A token that cannot be renewed serves to its end. */
    private @Nullable Lease renewed(Lease held, long now) {
        try {
            return lease(caller.post("/auth/token/renew-self", held.token(), Map.of()), held.token(), now);
        } catch (TransitClient.Refused | KeyServiceUnavailableException e) {
            // It may have reached its greatest age, been revoked, or Vault is away: a login will tell.
            return now - held.endNanos() < 0 ? postponed(held, now) : null;
        }
    }

    private static Lease postponed(Lease held, long now) {
        return new Lease(held.token(), now + (held.endNanos() - now) / 2 + 1, held.endNanos(), held.renewable());
    }

    private Lease login(long now) {
        if (refusal != null && System.nanoTime() - tryAgainNanos < 0) {
            throw new KeyServiceUnavailableException(refusal);
        }
        String secret = settings.secretIdFile().isBlank()
                ? settings.secretId()
                : read(settings.secretIdFile(), "the secret of its role");
        try {
            Auth auth = caller.post(
                    "/auth/" + settings.approleMount() + "/login",
                    null,
                    Map.of("role_id", settings.roleId(), "secret_id", secret));
            refusal = null;
            return lease(auth, null, now);
        } catch (TransitClient.Refused e) {
            refusal = "it refuses the login by AppRole: " + e.getMessage();
            tryAgainNanos = System.nanoTime() + PAUSE_AFTER_REFUSAL.toNanos();
            throw new KeyServiceUnavailableException(refusal);
        } catch (KeyServiceUnavailableException e) {
            // Whoever waited behind this one is told the same, and does not wait for a time-out of its own.
            refusal = String.valueOf(e.getMessage());
            tryAgainNanos = System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos();
            throw e;
        }
    }

    private static Lease lease(Auth auth, @Nullable String otherwise, long now) {
        String token = auth.clientToken() == null ? otherwise : auth.clientToken();
        if (token == null) {
            throw new KeyServiceUnavailableException("its answer to the login has no token");
        }
        long seconds = auth.leaseDuration() == null ? 0 : auth.leaseDuration();
        // 0 is a token without an end.
        long life = seconds <= 0
                ? Duration.ofDays(365).toNanos()
                : Duration.ofSeconds(seconds).toNanos();
        return new Lease(token, now + life / 2, now + life, Boolean.TRUE.equals(auth.renewable()));
    }

    private static String read(String file, String what) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new KeyServiceUnavailableException("the file with " + what + " cannot be read");
        }
    }
}
