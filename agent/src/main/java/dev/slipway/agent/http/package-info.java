/**
 * HTTP/1.1 over a Unix socket, as much of it as this program's two or three clients need: RFC 9112 framing, limits, streaming.
 *
 * <p>Own code because a framework's server would need more memory than the rest of the sandbox. Start at {@link HttpServer}.
 */
@NullMarked
package dev.slipway.agent.http;

import org.jspecify.annotations.NullMarked;
