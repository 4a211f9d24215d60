/** What is said of a credential that is tried. */
@NullMarked
package dev.slipway.credential.probe;

import org.jspecify.annotations.NullMarked;
