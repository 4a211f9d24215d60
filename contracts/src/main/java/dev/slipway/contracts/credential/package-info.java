/** What credential-service tells the others, and the injection rules that mitm-proxy asks it for. */
@NullMarked
package dev.slipway.contracts.credential;

import org.jspecify.annotations.NullMarked;
