package dev.slipway.gateway.user;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Somebody with an account, or the anonymous user of an installation without login. */
public record User(String id, String username, @Nullable String email, String displayName, boolean systemAdmin) {
    /** The id of the user that everyone is when login is off. */
    public static final String ANONYMOUS_ID = "anonymous";

    /** The columns that {@link #read} needs, of table {@code account} as {@code a}. */
    public static final String COLUMNS = "a.id, a.username, a.email, a.display_name, a.system_admin";

    /** Reads {@link #COLUMNS}. */
    public static User read(ResultSet row) throws SQLException {
        return new User(
                row.getString("id"),
                row.getString("username"),
                row.getString("email"),
                row.getString("display_name"),
                row.getBoolean("system_admin"));
    }
}
