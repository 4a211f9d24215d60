package dev.slipway.gateway.user;

import dev.slipway.kit.identity.IdentityTokens;
import io.micronaut.context.annotation.Context;

/** Has the keys read at start, so that one that is missing or weak stops it there and not at somebody's login. */
@Context
class KeysAtStart {
    KeysAtStart(SigningKeys signingKeys, IdentityTokens identityTokens) {}
}
