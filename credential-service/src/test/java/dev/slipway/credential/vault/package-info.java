/** What opens, what does not, and what the start demands of a master key. */
@NullMarked
package dev.slipway.credential.vault;

import org.jspecify.annotations.NullMarked;
