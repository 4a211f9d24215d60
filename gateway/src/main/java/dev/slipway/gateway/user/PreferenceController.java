package dev.slipway.gateway.user;

import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.transaction.annotation.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a user likes. Values are texts that the clients agree on among themselves. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/preferences")
class PreferenceController {
    private static final int KEY_MAX = 200;
    private static final int VALUE_MAX = 20_000;
    private static final int COUNT_MAX = 200;

    private final Database database;

    PreferenceController(Database database) {
        this.database = database;
    }

    @Serdeable
    record Preference(String key, String value, Instant updatedAt) {
        static Preference read(ResultSet row) throws SQLException {
            return new Preference(
                    row.getString("key"),
                    row.getString("value"),
                    Objects.requireNonNull(Database.instant(row, "updated_at")));
        }
    }

    @Serdeable
    record Preferences(List<Preference> preferences) {}

    @Serdeable
    record NewPreferences(Map<String, String> preferences) {}

    @Serdeable
    record NewValue(String value) {}

    @Get
    Preferences list(Admission admission) {
        return new Preferences(database.list(
                "SELECT * FROM preference WHERE account_id = ? ORDER BY key LIMIT " + COUNT_MAX,
                Preference::read,
                admission.user().id()));
    }

    @Put
    @Transactional
    Preferences putAll(Admission admission, @Body NewPreferences body) {
        body.preferences().forEach((key, value) -> store(admission, key, value));
        return list(admission);
    }

    @Get("/{key}")
    Preference get(Admission admission, @PathVariable String key) {
        return database.first(
                        "SELECT * FROM preference WHERE account_id = ? AND key = ?",
                        Preference::read,
                        admission.user().id(),
                        key)
                .orElseThrow(() -> ProblemException.notFound("preference"));
    }

    @Put("/{key}")
    @Transactional
    Preference put(Admission admission, @PathVariable String key, @Body NewValue body) {
        store(admission, key, body.value());
        return get(admission, key);
    }

    @Delete("/{key}")
    @Status(HttpStatus.NO_CONTENT)
    void delete(Admission admission, @PathVariable String key) {
        if (database.change(
                        "DELETE FROM preference WHERE account_id = ? AND key = ?",
                        admission.user().id(),
                        key)
                == 0) {
            throw ProblemException.notFound("preference");
        }
    }

    private void store(Admission admission, String key, String value) {
        if (key.isBlank() || key.length() > KEY_MAX) {
            throw ProblemException.invalid("key", key.length() + " characters (expected: 1 to " + KEY_MAX + ")");
        }
        if (value.length() > VALUE_MAX) {
            throw ProblemException.invalid("value", "more than " + VALUE_MAX + " characters");
        }
        String user = admission.user().id();
        database.change("""
                INSERT INTO preference (account_id, key, value) VALUES (?, ?, ?)
                ON CONFLICT (account_id, key) DO UPDATE SET value = EXCLUDED.value, updated_at = now()
                """, user, key, value);
        int count = database.first("SELECT count(*) FROM preference WHERE account_id = ?", row -> row.getInt(1), user)
                .orElse(0);
        if (count > COUNT_MAX) {
            throw ProblemException.unprocessable("preferences", "more than " + COUNT_MAX + "; delete some first");
        }
    }
}
