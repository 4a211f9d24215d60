/** What has been published stays readable, and the documents say what the records are. */
@NullMarked
package dev.slipway.contracts;

import org.jspecify.annotations.NullMarked;
