package dev.slipway.workspace.authorship;

import dev.slipway.kit.identity.Caller;
import dev.slipway.workspace.git.Person;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Under which name a user commits in a workspace, and how messages look there. */
@Singleton
public class Authorship {
    private final JdbcOperations jdbc;
    private final CommitSettings settings;

    Authorship(JdbcOperations jdbc, CommitSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** The caller, under the name chosen for this workspace, or that of the account. */
    @Transactional(readOnly = true)
    public Person of(Caller caller, String workspaceId) {
        return chosen(caller.userId(), workspaceId).orElseGet(() -> Person.of(caller));
    }

    @Transactional
    void choose(String userId, String workspaceId, Person person) {
        jdbc.prepareStatement("""
                INSERT INTO author (workspace_id, user_id, name, email) VALUES (?, ?, ?, ?)
                ON CONFLICT (workspace_id, user_id) DO UPDATE SET name = EXCLUDED.name, email = EXCLUDED.email
                """, insert -> {
            insert.setString(1, workspaceId);
            insert.setString(2, userId);
            insert.setString(3, person.name());
            insert.setString(4, person.email());
            return insert.executeUpdate();
        });
    }

    @Transactional
    void forget(String userId, String workspaceId) {
        jdbc.prepareStatement("DELETE FROM author WHERE workspace_id = ? AND user_id = ?", delete -> {
            delete.setString(1, workspaceId);
            delete.setString(2, userId);
            return delete.executeUpdate();
        });
    }

    /** How messages look in a workspace: its own wishes, and the operator's for the rest. */
    @Transactional(readOnly = true)
    public CommitStyle styleOf(String workspaceId) {
        return jdbc.prepareStatement("SELECT * FROM commit_style WHERE workspace_id = ?", select -> {
            select.setString(1, workspaceId);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return new CommitStyle(
                            settings.signOff(),
                            settings.conventional(),
                            settings.coAuthors(),
                            settings.sessionTrailer(),
                            lines(settings.trailers(), ";"));
                }
                @Nullable String conventional = row.getString("conventional");
                @Nullable String trailers = row.getString("trailers");
                return new CommitStyle(
                        or(row.getObject("sign_off", Boolean.class), settings.signOff()),
                        conventional == null ? settings.conventional() : conventional,
                        or(row.getObject("co_authors", Boolean.class), settings.coAuthors()),
                        or(row.getObject("session_trailer", Boolean.class), settings.sessionTrailer()),
                        trailers == null ? lines(settings.trailers(), ";") : lines(trailers, "\n"));
            }
        });
    }

    /** What a workspace wishes; null for as the operator has it. */
    @Transactional
    void style(String workspaceId, CommitStyleWish wish) {
        jdbc.prepareStatement("""
                INSERT INTO commit_style (workspace_id, sign_off, conventional, co_authors, session_trailer, trailers)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (workspace_id) DO UPDATE
                SET sign_off = EXCLUDED.sign_off, conventional = EXCLUDED.conventional, co_authors = EXCLUDED.co_authors,
                    session_trailer = EXCLUDED.session_trailer, trailers = EXCLUDED.trailers
                """, insert -> {
            insert.setString(1, workspaceId);
            insert.setObject(2, wish.signOff());
            insert.setString(3, wish.conventional());
            insert.setObject(4, wish.coAuthors());
            insert.setObject(5, wish.sessionTrailer());
            insert.setString(6, wish.trailers() == null ? null : String.join("\n", wish.trailers()));
            return insert.executeUpdate();
        });
    }

    private Optional<Person> chosen(String userId, String workspaceId) {
        return jdbc.prepareStatement(
                "SELECT name, email FROM author WHERE workspace_id = ? AND user_id = ?", select -> {
                    select.setString(1, workspaceId);
                    select.setString(2, userId);
                    try (ResultSet row = select.executeQuery()) {
                        return row.next()
                                ? Optional.of(new Person(row.getString(1), row.getString(2)))
                                : Optional.empty();
                    }
                });
    }

    private static boolean or(@Nullable Boolean value, boolean otherwise) {
        return value == null ? otherwise : value;
    }

    private static List<String> lines(String text, String separator) {
        return Arrays.stream(text.split(separator))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
