/**
 * What every service does the same way, a package per deed. Nothing here knows sessions, sandboxes or credentials: what one
 * service alone needs stays out.
 */
@NullMarked
package dev.slipway.kit;

import org.jspecify.annotations.NullMarked;
