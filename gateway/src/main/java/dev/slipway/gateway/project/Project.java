package dev.slipway.gateway.project;

import dev.slipway.gateway.sql.Database;
import io.micronaut.serde.annotation.Serdeable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;

/** A project as its members see it; {@code role} is the caller's. */
@Serdeable
record Project(String id, String name, String slug, String role, long version, Instant createdAt, Instant updatedAt) {
    static final String COLUMNS = "p.id, p.name, p.slug, m.role, p.version, p.created_at, p.updated_at";

    static Project read(ResultSet row) throws SQLException {
        return new Project(
                row.getString("id"),
                row.getString("name"),
                row.getString("slug"),
                row.getString("role"),
                row.getLong("version"),
                Objects.requireNonNull(Database.instant(row, "created_at")),
                Objects.requireNonNull(Database.instant(row, "updated_at")));
    }
}
