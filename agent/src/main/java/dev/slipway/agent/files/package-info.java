/** The session's files as the API shows them: never outside the work tree, never its git folder, never without a limit. */
@NullMarked
package dev.slipway.agent.files;

import org.jspecify.annotations.NullMarked;
