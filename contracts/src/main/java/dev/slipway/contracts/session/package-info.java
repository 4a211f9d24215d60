/** What session-service tells the others. */
@NullMarked
package dev.slipway.contracts.session;

import org.jspecify.annotations.NullMarked;
