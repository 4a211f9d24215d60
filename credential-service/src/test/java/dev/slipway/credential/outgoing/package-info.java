/** Which addresses may be called. */
@NullMarked
package dev.slipway.credential.outgoing;

import org.jspecify.annotations.NullMarked;
