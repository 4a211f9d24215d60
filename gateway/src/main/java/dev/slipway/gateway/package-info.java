/**
 * The door: who are you, which project, which service.
 *
 * <p>Start at {@link dev.slipway.gateway.door}, through which every request comes: it asks the one authoriser and then
 * hands the request to a service ({@link dev.slipway.gateway.proxy}), to the event stream ({@link
 * dev.slipway.gateway.events}), to the user interface's files ({@link dev.slipway.gateway.ui}) or to a controller here.
 * The gateway owns users and projects; everything inside a project belongs to the services behind it.
 */
@NullMarked
package dev.slipway.gateway;

import org.jspecify.annotations.NullMarked;
