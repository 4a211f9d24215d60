/** Lends ssh keys to workspace-service: it gets public keys and signatures, never a key. Start at {@link SshController}. */
@NullMarked
package dev.slipway.credential.signing;

import org.jspecify.annotations.NullMarked;
