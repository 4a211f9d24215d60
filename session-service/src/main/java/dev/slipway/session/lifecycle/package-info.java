/**
 * The life of a session, from its creation to its removal.
 *
 * <p>Start at {@link SessionController}, which shows what comes in, and {@link SessionState}, which shows what can happen
 * next; {@link SessionService} joins the two, and {@link SandboxReports} does what other services' events call for. The
 * sandbox itself belongs to container-service: this package asks for it by {@link SandboxWishes} and listens for what
 * becomes of it. {@link Deadlines} sees to it that no session waits for ever.
 */
@NullMarked
package dev.slipway.session.lifecycle;

import org.jspecify.annotations.NullMarked;
