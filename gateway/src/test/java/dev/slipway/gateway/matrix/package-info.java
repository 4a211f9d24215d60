/**
 * Who may do what: {@link AuthorisationMatrixTest} tries every operation as everybody on everything, and compares with the table
 * {@code authorisation.txt}.
 */
@NullMarked
package dev.slipway.gateway.matrix;

import org.jspecify.annotations.NullMarked;
