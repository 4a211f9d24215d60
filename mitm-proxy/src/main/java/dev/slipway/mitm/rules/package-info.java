/**
 * How injection rules come here from credential-service: pushed after a change, asked for when a project is new, when an event tells of a
 * change, and once a minute in case both were lost. They go into the rule book in memory and nowhere else.
 */
@NullMarked
package dev.slipway.mitm.rules;

import org.jspecify.annotations.NullMarked;
