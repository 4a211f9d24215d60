package dev.slipway.mitm.egress;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of the hosts that users allowed a session, in the order of their names. */
@Serdeable
record AllowedHostPage(
        List<AllowedHostView> hosts, @Nullable String nextCursor) {}
