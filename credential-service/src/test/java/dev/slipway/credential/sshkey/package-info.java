/** Reading, making and using ssh keys. */
@NullMarked
package dev.slipway.credential.sshkey;

import org.jspecify.annotations.NullMarked;
