/** What container-service tells the others. */
@NullMarked
package dev.slipway.contracts.container;

import org.jspecify.annotations.NullMarked;
