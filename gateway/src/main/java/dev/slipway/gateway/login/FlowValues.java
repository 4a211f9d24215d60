package dev.slipway.gateway.login;

import io.micronaut.context.annotation.Primary;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.security.oauth2.endpoint.authorization.pkce.Pkce;
import io.micronaut.security.oauth2.endpoint.authorization.pkce.persistence.PkcePersistence;
import io.micronaut.security.oauth2.endpoint.authorization.state.State;
import io.micronaut.security.oauth2.endpoint.authorization.state.StateSerDes;
import io.micronaut.security.oauth2.endpoint.authorization.state.persistence.StatePersistence;
import io.micronaut.security.oauth2.endpoint.nonce.persistence.NoncePersistence;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Holds state, nonce and verifier of a login on the request that they are made for or compared on. The controller keeps them
 * meanwhile in the database: in cookies, as the library has it, they could be used more than once.
 */
@Singleton
@Primary
class FlowValues implements StatePersistence, NoncePersistence, PkcePersistence {
    private static final String STATE = "slipway.login.state";
    private static final String NONCE = "slipway.login.nonce";
    private static final String VERIFIER = "slipway.login.verifier";

    private final StateSerDes states;

    FlowValues(StateSerDes states) {
        this.states = states;
    }

    Optional<String> madeState(HttpRequest<?> request) {
        return request.getAttribute(STATE, String.class);
    }

    Optional<String> madeNonce(HttpRequest<?> request) {
        return request.getAttribute(NONCE, String.class);
    }

    Optional<String> madeVerifier(HttpRequest<?> request) {
        return request.getAttribute(VERIFIER, String.class);
    }

    @Override
    public void persistState(
            HttpRequest<?> request, @SuppressWarnings("rawtypes") MutableHttpResponse response, State state) {
        request.setAttribute(STATE, states.serialize(state));
    }

    @Override
    public Optional<State> retrieveState(HttpRequest<?> request) {
        return LoginFlow.of(request).map(flow -> states.deserialize(flow.state()));
    }

    @Override
    public void persistNonce(
            HttpRequest<?> request, @SuppressWarnings("rawtypes") MutableHttpResponse response, String nonce) {
        request.setAttribute(NONCE, nonce);
    }

    @Override
    public Optional<String> retrieveNonce(HttpRequest<?> request) {
        return LoginFlow.of(request).map(LoginFlow::nonce);
    }

    @Override
    public void persistPkce(HttpRequest<?> request, MutableHttpResponse<?> response, Pkce pkce) {
        request.setAttribute(VERIFIER, pkce.getCodeVerifier());
    }

    @Override
    public Optional<String> retrieveCodeVerifier(HttpRequest<?> request) {
        return LoginFlow.of(request).map(LoginFlow::codeVerifier);
    }
}
