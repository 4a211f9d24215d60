/**
 * What a session has on the engine's host besides its container: the directories that are mounted into it, and the
 * certificates in one of them.
 */
@NullMarked
package dev.slipway.container.host;

import org.jspecify.annotations.NullMarked;
