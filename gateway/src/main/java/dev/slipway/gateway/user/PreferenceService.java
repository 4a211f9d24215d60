package dev.slipway.gateway.user;

import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps what users like: at most 200 keys each, 200 characters a key, 20,000 a value. */
@Singleton
class PreferenceService {
    private static final int KEY_MAX = 200;
    private static final int VALUE_MAX = 20_000;
    private static final int COUNT_MAX = 200;

    private final Database database;

    PreferenceService(Database database) {
        this.database = database;
    }

    List<Preference> list(String user) {
        return database.list(
                "SELECT * FROM preference WHERE account_id = ? ORDER BY key LIMIT " + COUNT_MAX,
                PreferenceService::read,
                user);
    }

    Preference get(String user, String key) {
        return database.first(
                        "SELECT * FROM preference WHERE account_id = ? AND key = ?", PreferenceService::read, user, key)
                .orElseThrow(() -> ProblemException.notFound("preference"));
    }

    /** Ends the request with 412 unless the preference is at this version; null for any. */
    @Transactional
    void requireVersion(String user, String key, @Nullable Long version) {
        if (version == null) {
            return;
        }
        boolean present = database.first(
                        "SELECT * FROM preference WHERE account_id = ? AND key = ? FOR UPDATE",
                        PreferenceService::read,
                        user,
                        key)
                .filter(found -> found.version() == version)
                .isPresent();
        if (!present) {
            throw ProblemException.of(
                    HttpStatus.PRECONDITION_FAILED, "stale", "The preference was changed since you read it.");
        }
    }

    /** Stores one; with a version, only over that one. */
    @Transactional
    void store(String user, String key, String value, @Nullable Long version) {
        requireVersion(user, key, version);
        store(user, Map.of(key, value));
    }

    /** Stores all of these or none. */
    @Transactional
    public void store(String user, Map<String, String> preferences) {
        preferences.forEach((key, value) -> store(user, key, value));
        int count = database.first("SELECT count(*) FROM preference WHERE account_id = ?", row -> row.getInt(1), user)
                .orElse(0);
        if (count > COUNT_MAX) {
            throw ProblemException.unprocessable("preferences", "more than " + COUNT_MAX + "; delete some first");
        }
    }

    @Transactional
    void delete(String user, String key, @Nullable Long version) {
        requireVersion(user, key, version);
        if (database.change("DELETE FROM preference WHERE account_id = ? AND key = ?", user, key) == 0) {
            throw ProblemException.notFound("preference");
        }
    }

    private void store(String user, String key, String value) {
        if (key.isBlank() || key.length() > KEY_MAX) {
            throw ProblemException.invalid("key", key.length() + " characters (expected: 1 to " + KEY_MAX + ")");
        }
        if (value.length() > VALUE_MAX) {
            throw ProblemException.invalid("value", "more than " + VALUE_MAX + " characters");
        }
        database.change("""
                INSERT INTO preference (account_id, key, value) VALUES (?, ?, ?)
                ON CONFLICT (account_id, key) DO UPDATE SET value = EXCLUDED.value, updated_at = now()
                """, user, key, value);
    }

    private static Preference read(ResultSet row) throws SQLException {
        return new Preference(
                row.getString("key"),
                row.getString("value"),
                Objects.requireNonNull(Database.instant(row, "updated_at")));
    }
}
