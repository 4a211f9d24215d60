/**
 * Tasks: an instruction that an agent works on without a viewer, in a session of its own or in one that is there. A task is
 * over when its turn is; its patches are the session's difference, and go to the workspace file by file or hunk by hunk.
 * Start at {@link TaskController}.
 */
@NullMarked
package dev.slipway.session.task;

import org.jspecify.annotations.NullMarked;
