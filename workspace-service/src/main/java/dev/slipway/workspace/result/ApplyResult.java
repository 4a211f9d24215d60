package dev.slipway.workspace.result;

import io.micronaut.serde.annotation.Serdeable;

/**
 * Where a session's work is now.
 *
 * @param commit the workspace's commit that has it
 * @param branch the branch that the commit is on
 * @param changed false if the workspace had all of it already
 */
@Serdeable
public record ApplyResult(boolean ok, String commit, String branch, boolean changed) {}
