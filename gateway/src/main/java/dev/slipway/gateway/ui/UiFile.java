package dev.slipway.gateway.ui;

import org.jspecify.annotations.Nullable;

/**
 * A file as it is sent.
 *
 * @param encoding its content coding if it was compressed when it was built
 * @param immutable whether its name changes with its content
 */
@SuppressWarnings("ArrayRecordComponent") // never compared and never changed
record UiFile(byte[] bytes, String contentType, @Nullable String encoding, String etag, boolean immutable) {}
