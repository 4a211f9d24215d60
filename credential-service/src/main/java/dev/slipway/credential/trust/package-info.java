/** Whom this service believes to be who they say: {@link TrustedRoots}. */
@NullMarked
package dev.slipway.credential.trust;

import org.jspecify.annotations.NullMarked;
