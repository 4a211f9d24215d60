/**
 * Sign-ins at providers, and the tokens that follow from them.
 *
 * <p>Start at {@link SignInController}. {@link SignIns} holds what is under way: verifier, state and device code stay here,
 * sealed, bound to project and user, and are good once. {@link TokenEndpoint} speaks to the provider. {@link Refresher} gets the
 * next token ahead of time, one holder of a lease for each credential; {@link RevokeJob} tells the provider of what was deleted.
 */
@NullMarked
package dev.slipway.credential.oauth;

import org.jspecify.annotations.NullMarked;
