package dev.slipway.gateway.matrix;

import dev.slipway.gateway.matrix.Row.Scope;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who tries.
 *
 * @param token what it shows; null for nothing
 * @param valid whether what it shows is to be believed
 * @param scope what its token may do at most
 * @param roles its role in each project that it belongs to
 * @param home the project that it belongs to for the longest
 */
record Principal(
        String name,
        @Nullable String token,
        boolean valid,
        Scope scope,
        Map<String, Row.Least> roles,
        String home,
        boolean installation) {
    static Principal invalid(String name, @Nullable String token) {
        return new Principal(name, token, false, Scope.ADMIN, Map.of(), "", false);
    }

    @Override
    public String toString() {
        return name;
    }
}
