/**
 * Who somebody is: accounts, passwords, login sessions, tokens, invite codes and preferences.
 *
 * <p>Start at {@link Identities}, which turns what a request shows (a cookie, a bearer token, nothing) into a user. Secrets are
 * kept as hashes only.
 */
@NullMarked
package dev.slipway.gateway.user;

import org.jspecify.annotations.NullMarked;
