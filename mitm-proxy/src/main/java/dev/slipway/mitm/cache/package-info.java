/**
 * Bodies that never change, kept on disk: container images by digest, packages by their immutable addresses.
 *
 * <p>{@link Cacheable} says which requests ask for such a body and under which key; {@link BlobStore} keeps the files. What was fetched with
 * a credential has its project, and the credentials, in the key: nobody else finds it.
 */
@NullMarked
package dev.slipway.mitm.cache;

import org.jspecify.annotations.NullMarked;
