/** The user interface as a browser fetches it. */
@NullMarked
package dev.slipway.gateway.ui;

import org.jspecify.annotations.NullMarked;
