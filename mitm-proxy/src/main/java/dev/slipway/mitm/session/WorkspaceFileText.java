package dev.slipway.mitm.session;

import io.micronaut.serde.annotation.Serdeable;

/** The text of a workspace's proxy file, YAML. */
@Serdeable
record WorkspaceFileText(String text) {}
