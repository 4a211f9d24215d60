/** What mitm-proxy is told about a session's egress, and what it tells about each request. */
@NullMarked
package dev.slipway.contracts.mitm;

import org.jspecify.annotations.NullMarked;
