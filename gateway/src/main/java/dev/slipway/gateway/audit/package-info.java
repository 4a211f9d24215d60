/**
 * Who did what, on what, from where, and what came of it. {@link Witness} goes along with a request, {@link AuditTrail} writes down
 * what it saw, {@link AuditLog} is what can be read later. The table takes rows and never gives one back changed: the database
 * itself refuses.
 */
@NullMarked
package dev.slipway.gateway.audit;

import org.jspecify.annotations.NullMarked;
