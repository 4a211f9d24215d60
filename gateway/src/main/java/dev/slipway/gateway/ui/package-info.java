/**
 * The user interface's files: immutable assets, an index that is never stale, a clear 404 for an asset that is gone.
 */
@NullMarked
package dev.slipway.gateway.ui;

import org.jspecify.annotations.NullMarked;
