/**
 * SQL as text, values in order, inside the transaction of the caller.
 */
@NullMarked
package dev.slipway.gateway.sql;

import org.jspecify.annotations.NullMarked;
