/** How this service speaks SQL and JSON: statements are text, trees of JSON are plain maps and lists. */
@NullMarked
package dev.slipway.session.store;

import org.jspecify.annotations.NullMarked;
