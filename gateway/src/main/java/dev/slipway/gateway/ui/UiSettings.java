package dev.slipway.gateway.ui;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * Where the user interface's files are ({@code slipway.ui}).
 *
 * @param dir a folder with {@code index.html} and {@code assets/}; blank for no user interface
 */
@ConfigurationProperties("slipway.ui")
record UiSettings(@Bindable(defaultValue = "") String dir) {}
