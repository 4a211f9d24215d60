/** The proxy as it is met from inside a real container of the sandbox image. */
@NullMarked
package dev.slipway.mitm.sandbox;

import org.jspecify.annotations.NullMarked;
