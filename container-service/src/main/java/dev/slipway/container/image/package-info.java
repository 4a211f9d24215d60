/**
 * The images that sandboxes run: which are here, which digest a session runs and whether a newer one is there under the same name.
 * Start at {@link OutdatedImages}. To change a session's image is session-service's to wish for.
 */
@NullMarked
package dev.slipway.container.image;

import org.jspecify.annotations.NullMarked;
