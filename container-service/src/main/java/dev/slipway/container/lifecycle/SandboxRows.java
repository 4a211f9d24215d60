package dev.slipway.container.lifecycle;

import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SandboxSpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes values of rows. */
final class SandboxRows {
    private SandboxRows() {}

    static WantedSandbox read(ResultSet row, Function<String, SandboxSpec> readSpec) throws SQLException {
        String spec = row.getString("spec");
        return new WantedSandbox(
                row.getString("session_id"),
                row.getString("project_id"),
                row.getString("workspace_id"),
                row.getLong("generation"),
                Desired.valueOf(row.getString("desired")),
                spec == null ? null : readSpec.apply(spec),
                state(row),
                row.getTimestamp("last_activity").toInstant(),
                row.getLong("agent_seq"),
                row.getTimestamp("wanted_at").toInstant(),
                row.getString("image"),
                row.getString("image_digest"),
                row.getString("newest_image"));
    }

    private static SandboxState state(ResultSet row) throws SQLException {
        String word = row.getString("state");
        return switch (word) {
            case "preparing" ->
                new SandboxState.Preparing(row.getString("phase"), number(row, "progress"), row.getString("message"));
            case "ready" ->
                new SandboxState.Ready(
                        row.getString("container_id"), row.getString("image"), row.getString("image_digest"));
            case "stopping" -> new SandboxState.Stopping();
            case "stopped" -> new SandboxState.Stopped(row.getString("reason"));
            case "failed" ->
                new SandboxState.Failed(
                        row.getString("reason"), number(row, "exit_code"), row.getBoolean("out_of_memory"));
            case "removing" -> new SandboxState.Removing();
            case "removed" -> new SandboxState.Removed();
            default -> throw new SQLException("sandbox.state: " + word + " (expected: one that its CHECK allows)");
        };
    }

    private static @Nullable Integer number(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }
}
