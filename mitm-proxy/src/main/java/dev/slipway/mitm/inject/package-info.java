/**
 * The credentials that a request gets at the door.
 *
 * <p>{@link RuleBook} holds each project's rules in memory and nowhere else; {@link Injection} puts them on one request. Both are asked
 * again for every request, so that a rotated credential is in use at once, on open connections too.
 */
@NullMarked
package dev.slipway.mitm.inject;

import org.jspecify.annotations.NullMarked;
