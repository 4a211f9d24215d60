/** The service as its tests meet it: on a real database and broker, with a stand-in for mitm-proxy. */
@NullMarked
package dev.slipway.credential.testing;

import org.jspecify.annotations.NullMarked;
