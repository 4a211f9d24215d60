package dev.slipway.gateway.limit;

import dev.slipway.gateway.user.Identities;
import dev.slipway.gateway.user.Visitor;
import dev.slipway.gateway.user.Visitor.Proof;
import dev.slipway.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Turns away whoever asks too often, with the time to wait. The counts are this replica's own and end with it, on purpose: they
 * keep one gateway from being used up by one client, and a question to shared state for each request would cost more than most
 * requests. With n replicas a client may so reach n times the rate. What must not be had n times is counted in the database: failed
 * logins, uses of invite codes, and what a project may use.
 */
@Singleton
public class RateLimits {
    private final Buckets addresses;
    private final Buckets users;
    private final Buckets tokens;

    RateLimits(RateSettings settings, Identities identities) {
        boolean off = identities.anonymous();
        this.addresses = buckets(off ? 0 : settings.address(), settings.burst());
        this.users = buckets(off ? 0 : settings.user(), settings.burst());
        this.tokens = buckets(off ? 0 : settings.token(), settings.burst());
    }

    private static Buckets buckets(double rate, double burst) {
        return new Buckets(rate, rate * burst, System::nanoTime);
    }

    /** Counts a request of an address; does not wait. */
    public void takeForAddress(String address) {
        addresses.take(address).ifPresent(wait -> refuse("your address", wait));
    }

    /** Counts a request of somebody who has shown who it is. */
    public void takeFor(Visitor visitor) {
        users.take(visitor.user().id()).ifPresent(wait -> refuse("your account", wait));
        String credential = visitor.credential();
        if (visitor.proof() == Proof.API_TOKEN && credential != null) {
            tokens.take(credential).ifPresent(wait -> refuse("this token", wait));
        }
    }

    private static void refuse(String of, Duration wait) {
        throw ProblemException.tooMany("Too many requests of " + of + ".", wait.plusMillis(999));
    }
}
