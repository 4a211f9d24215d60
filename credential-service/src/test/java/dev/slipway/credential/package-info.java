/** The service as a whole: that no secret leaves it but to the proxy, and that its parts lean one way. */
@NullMarked
package dev.slipway.credential;

import org.jspecify.annotations.NullMarked;
