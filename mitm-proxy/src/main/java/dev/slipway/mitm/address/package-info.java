/**
 * Names and addresses as the proxy understands them, before any policy is asked.
 *
 * <p>Start at {@link HostName}: whatever a client calls a host becomes one of these or is refused, so that policy, certificate, pool
 * and dial all speak of the same thing. {@link AddressGuard} says which addresses no sandbox may reach, and {@link Resolver} hands out
 * only addresses that passed it; the address that was checked is the one that is dialled.
 */
@NullMarked
package dev.slipway.mitm.address;

import org.jspecify.annotations.NullMarked;
