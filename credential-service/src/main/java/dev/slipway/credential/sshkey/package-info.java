/**
 * Key pairs for SSH: {@link SshKey} reads and makes them and signs with them, in the formats of OpenSSH. Bouncy Castle does the
 * reading and the arithmetic. Nothing here stores or sends anything.
 */
@NullMarked
package dev.slipway.credential.sshkey;

import org.jspecify.annotations.NullMarked;
