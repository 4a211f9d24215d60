/** Counting uses. */
@NullMarked
package dev.slipway.credential.usage;

import org.jspecify.annotations.NullMarked;
