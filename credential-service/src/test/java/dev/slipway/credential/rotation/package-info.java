/** The change of the master key under use. */
@NullMarked
package dev.slipway.credential.rotation;

import org.jspecify.annotations.NullMarked;
