package dev.slipway.kit.http;

import io.micronaut.context.annotation.EachProperty;
import io.micronaut.context.annotation.Parameter;
import java.net.URI;

/** Where another service listens ({@code slipway.services.<name>.url}). */
@EachProperty("slipway.services")
public record ServiceAddress(@Parameter String name, URI url) {}
