package dev.slipway.contracts.mitm;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates sandboxes see, and which they are to trust: more than one while an authority and its successor overlap.
 *
 * @param trustedPem all authorities to trust, the one that signs first
 * @param signingSince when the one that signs was made
 * @param nextSignsFrom when its successor begins to sign; null if none is announced
 * @param previousUntil when its predecessor is trusted no more; null if there is none
 */
@Serdeable
public record EgressAuthority(
        String trustedPem,
        Instant signingSince,
        @Nullable Instant nextSignsFrom,
        @Nullable Instant previousUntil) {}
