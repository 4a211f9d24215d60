package dev.slipway.workspace.authorship;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a workspace wishes of its commits' messages; what is missing is as the operator configured it. */
@Serdeable
record CommitStyleWish(
        @Nullable Boolean signOff,
        @Nullable String conventional,
        @Nullable Boolean coAuthors,
        @Nullable Boolean sessionTrailer,
        @Nullable List<String> trailers) {

    /** Ends with 400 if it makes no sense. */
    void check() {
        CommitStyle.check(conventional == null ? "off" : conventional, trailers == null ? List.of() : trailers);
    }
}
