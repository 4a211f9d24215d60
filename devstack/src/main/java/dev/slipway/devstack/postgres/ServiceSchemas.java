package dev.slipway.devstack.postgres;

import dev.slipway.devstack.StartFailure;
import dev.slipway.devstack.home.Keys;
import dev.slipway.devstack.home.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** One role and one schema per service: the role owns the schema and may use no other. */
public final class ServiceSchemas {
    private ServiceSchemas() {}

    /**
     * Makes what is missing and tells how each service enters.
     *
     * @param administrator may create roles and schemas
     * @param passwords the roles' passwords; made once and kept there with mode 0600
     * @return schema → how its service enters
     */
    public static Map<String, DatabaseAddress> provide(
            DatabaseAddress administrator, List<String> schemas, Path passwords) throws IOException {
        Properties known = PrivateFiles.readProperties(passwords);
        Map<String, DatabaseAddress> addresses = new LinkedHashMap<>();
        for (String schema : schemas) {
            known.computeIfAbsent(schema, _ -> Keys.random());
            addresses.put(schema, administrator.as(role(schema), known.getProperty(schema)));
        }
        PrivateFiles.writeProperties(passwords, known, "Passwords of the services' database roles");
        try (Connection connection =
                DriverManager.getConnection(administrator.jdbcUrl(), administrator.user(), administrator.password())) {
            connection.setAutoCommit(false);
            for (String schema : schemas) {
                provide(connection, administrator.database(), schema, known.getProperty(schema));
            }
            connection.commit();
        } catch (SQLException e) {
            throw new StartFailure(
                    "The database " + administrator + " cannot be prepared: " + e.getMessage()
                            + "\nIts user must be allowed to create roles and schemas.",
                    e);
        }
        return addresses;
    }

    private static void provide(Connection connection, String database, String schema, String password)
            throws SQLException {
        String role = quoted(connection, role(schema));
        String name = quoted(connection, schema);
        try (var statement = connection.createStatement()) {
            boolean exists;
            try (var found = statement.executeQuery("SELECT 1 FROM pg_roles WHERE rolname = '" + role(schema) + "'")) {
                exists = found.next();
            }
            statement.execute((exists ? "ALTER" : "CREATE") + " ROLE " + role + " LOGIN PASSWORD "
                    + statement.enquoteLiteral(password));
            // Who is no superuser can give away a schema only to a role that it is a member of.
            statement.execute("GRANT " + role + " TO CURRENT_USER");
            statement.execute("CREATE SCHEMA IF NOT EXISTS " + name + " AUTHORIZATION " + role);
            statement.execute("ALTER ROLE " + role + " IN DATABASE " + quoted(connection, database)
                    + " SET search_path = " + name);
        }
    }

    /** Roles belong to the whole server, schemas to one database: hence the longer name. */
    private static String role(String schema) {
        return "slipway_" + schema;
    }

    private static String quoted(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.enquoteIdentifier(name, true);
        }
    }
}
