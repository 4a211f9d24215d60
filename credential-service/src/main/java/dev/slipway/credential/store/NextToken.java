package dev.slipway.credential.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a refresh gave. Its text form hides it.
 *
 * @param token the next secret
 * @param refresh what gets the one after it; null if the former still does
 * @param lifetime how long the token is good for from now; null if that is not known
 */
public record NextToken(
        String token, @Nullable String refresh, @Nullable Duration lifetime) {
    @Override
    public String toString() {
        return "NextToken[hidden]";
    }
}
