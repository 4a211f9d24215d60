/**
 * Projects, who belongs to them with which role, and their limits. Start at {@link ProjectService}. A caller who is no
 * member gets the answer that an unknown project gets.
 */
@NullMarked
package dev.slipway.gateway.project;

import org.jspecify.annotations.NullMarked;
