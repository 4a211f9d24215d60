/**
 * The egress proxy: every byte that leaves a sandbox is allowed by a rule, signed at the door and recorded.
 *
 * <p>Two halves. The data path ({@code address}, {@code policy}, {@code authority}, {@code inject}, {@code meter}, {@code journal},
 * {@code wire}, {@code door}) is Netty alone and knows no framework; a test holds it to that. The control plane ({@code settings},
 * {@code session}, {@code rules}, {@code egress}) tells it which doors to open, which rules hold, and stores what it records. Secrets
 * belong to credential-service: this process has them in memory only.
 */
@NullMarked
package dev.slipway.mitm;

import org.jspecify.annotations.NullMarked;
