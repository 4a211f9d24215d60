package dev.slipway.devstack.service;

import io.micronaut.core.annotation.Introspected;

/** Stands for an entity of a service: loaded a second time by a loader of its own. */
@Introspected
public record IntrospectedSample(String name) {}
