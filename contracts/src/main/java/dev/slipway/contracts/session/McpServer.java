package dev.slipway.contracts.session;

import io.micronaut.serde.annotation.Serdeable;
import java.util.Map;

/**
 * An MCP server that the agent connects to. {@code config} is as in the public API: {@code type} is {@code stdio} (with {@code command}, {@code args}, {@code env}) or {@code http} (with {@code url}, {@code headers}).
 */
@Serdeable
public record McpServer(String name, Map<String, Object> config, boolean enabled) {}
