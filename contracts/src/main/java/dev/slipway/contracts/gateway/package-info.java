/** What the gateway tells the others about projects and their members. */
@NullMarked
package dev.slipway.contracts.gateway;

import org.jspecify.annotations.NullMarked;
