/** Work that is done again and again for as long as the service runs. */
@NullMarked
package dev.slipway.session.loop;

import org.jspecify.annotations.NullMarked;
