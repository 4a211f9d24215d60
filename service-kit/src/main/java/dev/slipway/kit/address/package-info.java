/**
 * Which addresses lie on the internet: what a user names is dialled there only, by whichever service dials it. Of the JDK alone.
 */
@NullMarked
package dev.slipway.kit.address;

import org.jspecify.annotations.NullMarked;
