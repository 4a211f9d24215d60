/** Tests of the package of the same name. */
@NullMarked
package dev.slipway.gateway.admin;

import org.jspecify.annotations.NullMarked;
