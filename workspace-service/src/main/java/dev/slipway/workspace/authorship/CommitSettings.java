package dev.slipway.workspace.authorship;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How commits are made where a workspace says nothing else.
 *
 * @param signOff whether {@code Signed-off-by} is added
 * @param conventional {@code off}, {@code check} (refuse a title that is not conventional) or {@code prefix} (make it so)
 * @param coAuthors whether agents are named as co-authors of what is applied
 * @param sessionTrailer whether the session is named in what is applied
 * @param trailers lines that every message gets, {@code Key: value}, separated by semicolons
 */
@ConfigurationProperties("slipway.workspaces.commits")
public record CommitSettings(
        @Bindable(defaultValue = "false") boolean signOff,
        @Bindable(defaultValue = "off") String conventional,
        @Bindable(defaultValue = "true") boolean coAuthors,
        @Bindable(defaultValue = "true") boolean sessionTrailer,
        @Bindable(defaultValue = "") String trailers) {}
