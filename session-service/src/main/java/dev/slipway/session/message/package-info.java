/** Messages of a chat, kept and served from here whether there is a sandbox or not. */
@NullMarked
package dev.slipway.session.message;

import org.jspecify.annotations.NullMarked;
