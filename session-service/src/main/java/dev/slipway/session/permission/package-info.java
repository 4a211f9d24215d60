/**
 * What agents ask, and what members answer: kept here, so that it survives restarts of either side.
 *
 * <p>{@link PermissionService} takes requests from the journal; {@link RequestPolicy} answers what a session's policy or an
 * earlier "always" settles, members answer the rest, {@link RequestExpiry} what nobody answers, and {@link AnswerCourier}
 * brings each answer to the agent.
 */
@NullMarked
package dev.slipway.session.permission;

import org.jspecify.annotations.NullMarked;
