/** What users can do with credentials, over HTTP. */
@NullMarked
package dev.slipway.credential.store;

import org.jspecify.annotations.NullMarked;
