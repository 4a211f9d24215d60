package dev.slipway.gateway.login;

import io.micronaut.context.annotation.Primary;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.security.oauth2.endpoint.authorization.pkce.Pkce;
import io.micronaut.security.oauth2.endpoint.authorization.pkce.PkceChallenge;
import io.micronaut.security.oauth2.endpoint.authorization.pkce.PkceFactory;
import io.micronaut.security.oauth2.endpoint.authorization.pkce.S256PkceGenerator;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** S256 (RFC 7636) with every provider: who does not know it ignores it, and many who know it do not say so. */
@Singleton
@Primary
class AlwaysPkce implements PkceFactory {
    private final S256PkceGenerator generator;
    private final FlowValues values;

    AlwaysPkce(S256PkceGenerator generator, FlowValues values) {
        this.generator = generator;
        this.values = values;
    }

    @Override
    public Optional<PkceChallenge> buildChallenge(
            HttpRequest<?> request, MutableHttpResponse<?> response, @Nullable List<String> supported) {
        Pkce pkce = generator.generate();
        values.persistPkce(request, response, pkce);
        return Optional.of(pkce);
    }
}
