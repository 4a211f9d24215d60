/** What keys and tokens promise. */
@NullMarked
package dev.slipway.gateway.user;

import org.jspecify.annotations.NullMarked;
