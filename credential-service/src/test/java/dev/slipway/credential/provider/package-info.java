/** What scopes mean. */
@NullMarked
package dev.slipway.credential.provider;

import org.jspecify.annotations.NullMarked;
