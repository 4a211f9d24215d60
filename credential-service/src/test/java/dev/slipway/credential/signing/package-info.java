/** Lending ssh keys. */
@NullMarked
package dev.slipway.credential.signing;

import org.jspecify.annotations.NullMarked;
