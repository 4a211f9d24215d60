/** The launcher, tested without a service. */
@NullMarked
package dev.slipway.devstack;

import org.jspecify.annotations.NullMarked;
