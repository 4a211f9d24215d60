/**
 * Login by way of somebody else: OAuth 2 and OpenID Connect. Start at {@link ExternalLoginController}; {@link ExternalAccounts} says
 * whose account it is that comes back. The protocol is micronaut-security-oauth2's; what lasts between going and coming back is
 * ours ({@link LoginFlows}), and so is the login session that comes of it.
 */
@NullMarked
package dev.slipway.gateway.login;

import org.jspecify.annotations.NullMarked;
