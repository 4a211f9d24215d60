/**
 * What crosses from one service to another: values only, nothing that runs.
 *
 * <p>One package per publisher, changed by that publisher alone. Within a version fields are added and never renamed or
 * removed; a new meaning is a new event type. Receivers ignore fields and types that they do not know.
 */
@NullMarked
package dev.slipway.contracts;

import org.jspecify.annotations.NullMarked;
