/** Real servers and clients around a proxy that runs in the test's own process. */
@NullMarked
package dev.slipway.mitm.testing;

import org.jspecify.annotations.NullMarked;
