/**
 * session-service owns sessions and their states, agents, messages, and the turns of a chat with every chunk of their
 * answers. It leaves sandboxes to container-service and git to workspace-service, and meets both by events and HTTP.
 *
 * <p>{@code lifecycle} is the life of a session, {@code agent} what may run in it, {@code chat} what users say and see,
 * {@code journal} how the agent's words get here, {@code message} and {@code permission} what is kept of them.
 */
@NullMarked
package dev.slipway.session;

import org.jspecify.annotations.NullMarked;
