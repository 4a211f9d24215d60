/** Chat as a user meets it. */
@org.jspecify.annotations.NullUnmarked
package dev.slipway.session.chat;
