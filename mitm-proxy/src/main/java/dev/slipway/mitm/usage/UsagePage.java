package dev.slipway.mitm.usage;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of a project's usage. */
@Serdeable
record UsagePage(List<UsageLine> usage, @Nullable String nextCursor) {}
