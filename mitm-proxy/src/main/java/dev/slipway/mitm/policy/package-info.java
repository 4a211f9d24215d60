/**
 * Who may go where. Nothing is allowed that no rule names.
 *
 * <p>{@link EgressPolicy} answers for one session with a {@link Decision}; it is an immutable list of {@link HostPattern}s, each with the
 * name of the rule it came from. {@link StarterGroups} are the rules that every session of an agent type begins with.
 */
@NullMarked
package dev.slipway.mitm.policy;

import org.jspecify.annotations.NullMarked;
