package dev.slipway.gateway.login;

import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.client.HttpClient;
import io.micronaut.http.client.annotation.Client;
import io.micronaut.security.authentication.AuthenticationResponse;
import io.micronaut.security.oauth2.endpoint.token.response.OauthAuthenticationMapper;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks GitHub who a token belongs to. GitHub speaks OAuth 2 without OpenID Connect: the user is at {@code /user}, the verified
 * addresses at {@code /user/emails}, and a refused code is an answer with status 200 and no token.
 */
@Singleton
class GitHubAccounts {
    private static final Argument<List<Address>> ADDRESSES = Argument.listOf(Address.class);

    private final HttpClient http;

    GitHubAccounts(@Client HttpClient http) {
        this.http = http;
    }

    @Serdeable
    record Account(long id, String login, @Nullable String name) {}

    @Serdeable
    record Address(String email, boolean primary, boolean verified) {}

    OauthAuthenticationMapper at(ProviderSettings provider) {
        return (token, _) -> {
            String accessToken = token.getAccessToken();
            if (accessToken == null || accessToken.isBlank()) {
                return Mono.error(LoginRefusals.failed());
            }
            return Mono.zip(
                            Mono.from(http.retrieve(get(provider, "/user", accessToken), Account.class)),
                            Mono.from(http.retrieve(get(provider, "/user/emails", accessToken), ADDRESSES)))
                    .map(found -> answer(provider, found.getT1(), found.getT2()));
        };
    }

    private static AuthenticationResponse answer(ProviderSettings provider, Account account, List<Address> addresses) {
        @Nullable
        String email = addresses.stream()
                .filter(address -> address.primary() && address.verified())
                .map(Address::email)
                .findFirst()
                .orElse(null);
        String subject = Long.toString(account.id());
        return AuthenticationResponse.success(
                subject,
                new ExternalIdentity(provider.name(), subject, email, account.login(), account.name()).asAttributes());
    }

    private static HttpRequest<?> get(ProviderSettings provider, String path, String token) {
        return HttpRequest.GET(provider.apiUrl().replaceFirst("/+$", "") + path)
                .bearerAuth(token)
                .header(HttpHeaders.ACCEPT, "application/vnd.github+json, application/json")
                .header(HttpHeaders.USER_AGENT, "slipway");
    }
}
