/**
 * Which agents a project has and how they are set up. {@link AgentType} is the catalogue; {@link AgentService} keeps exactly
 * one default per project and makes the specification that goes to a sandbox, which holds placeholders and no secret.
 */
@NullMarked
package dev.slipway.session.agent;

import org.jspecify.annotations.NullMarked;
