/** Commands that somebody outside asks for, one process each; which ones may be asked for is container-service's to say. */
@NullMarked
package dev.slipway.agent.command;

import org.jspecify.annotations.NullMarked;
