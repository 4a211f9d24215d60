/**
 * The certificate authority that sandboxes trust, the certificates it mints for hosts, and the trust that the proxy itself has.
 *
 * <p>{@link CertificateAuthority} is kept on disk, {@link Authorities} says which one signs and which are trusted while one succeeds another;
 * {@link Leaves} mints and caches one certificate per host, all over one key; {@link UpstreamTrust} is how the proxy verifies the servers that it speaks to on a sandbox's behalf.
 */
@NullMarked
package dev.slipway.mitm.authority;

import org.jspecify.annotations.NullMarked;
