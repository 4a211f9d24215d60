/** What workspace-service tells the others. */
@NullMarked
package dev.slipway.contracts.workspace;

import org.jspecify.annotations.NullMarked;
