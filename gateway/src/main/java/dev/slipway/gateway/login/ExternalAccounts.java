package dev.slipway.gateway.login;

import dev.slipway.gateway.door.ClientOrigin;
import dev.slipway.gateway.login.LoginSettings.SignUp;
import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.AuthSettings;
import dev.slipway.gateway.user.InviteCodes;
import dev.slipway.gateway.user.LoginService;
import dev.slipway.gateway.user.LoginService.Login;
import dev.slipway.gateway.user.User;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says whose account it is that comes back from a provider (docs/adr/0012): the one that the identity is linked to; else the one
 * with the same e-mail address, if providers have verified it on both sides; else a new one, if the settings allow it.
 */
@Singleton
public class ExternalAccounts {
    private static final int NAME_TRIES = 5;
    private static final int NAME_MAX = 40;

    private final LoginSettings settings;
    private final AuthSettings auth;
    private final Database database;
    private final LoginService logins;
    private final InviteCodes inviteCodes;
    private final Clock clock;

    ExternalAccounts(
            LoginSettings settings,
            AuthSettings auth,
            Database database,
            LoginService logins,
            InviteCodes inviteCodes,
            Clock clock) {
        this.settings = settings;
        this.auth = auth;
        this.database = database;
        this.logins = logins;
        this.inviteCodes = inviteCodes;
        this.clock = clock;
    }

    private record Found(User user, boolean disabled, boolean emailVerified) {}

    /** Logs in whoever came back; a sign-up and the use of its invite code happen both or neither. */
    @Transactional
    Login logIn(ExternalIdentity who, LoginFlow flow, ClientOrigin origin) {
        User user = linked(who).orElseGet(() -> sameAddress(who).orElseGet(() -> signUp(who, flow)));
        boolean admin = promoted(who, user);
        User current = new User(user.id(), user.username(), user.email(), user.displayName(), admin);
        return logins.open(current, who.provider(), origin);
    }

    /** Links an identity to the account that asked for it, which showed itself by its own login. */
    @Transactional
    void link(ExternalIdentity who, String accountId) {
        int made = database.change("""
                INSERT INTO external_identity (provider, subject, account_id, email) VALUES (?, ?, ?, ?)
                ON CONFLICT (provider, subject) DO UPDATE SET email = EXCLUDED.email
                WHERE external_identity.account_id = EXCLUDED.account_id
                """, who.provider(), who.subject(), accountId, who.email());
        if (made == 0) {
            throw ProblemException.conflict("taken", "This identity is linked to another account.");
        }
        if (who.email() != null) {
            database.change(
                    "UPDATE account SET email_verified_at = ? WHERE id = ? AND lower(email) = lower(?) "
                            + "AND email_verified_at IS NULL",
                    clock.instant(),
                    accountId,
                    who.email());
        }
    }

    private Optional<User> linked(ExternalIdentity who) {
        return found(
                        "JOIN external_identity e ON e.account_id = a.id WHERE e.provider = ? AND e.subject = ?",
                        who.provider(),
                        who.subject())
                .map(ExternalAccounts::enabled);
    }

    private Optional<User> sameAddress(ExternalIdentity who) {
        if (who.email() == null) {
            return Optional.empty();
        }
        Optional<Found> found = found("WHERE lower(a.email) = lower(?)", who.email());
        found.ifPresent(account -> {
            // Anyone can type anyone's address when registering; only one that a provider verified proves the same
            // person.
            if (!account.emailVerified()) {
                throw LoginRefusals.accountExists();
            }
            enabled(account);
            link(who, account.user().id());
        });
        return found.map(Found::user);
    }

    private User signUp(ExternalIdentity who, LoginFlow flow) {
        requireAllowed(who, flow);
        String displayName =
                who.displayName() == null || who.displayName().isBlank() ? who.username() : who.displayName();
        for (int attempt = 0; attempt < NAME_TRIES; attempt++) {
            User user = new User(Ids.text(), username(who.username(), attempt), who.email(), displayName, false);
            int made = database.change(
                    """
                    INSERT INTO account (id, username, email, display_name, email_verified_at)
                    VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                    user.id(),
                    user.username(),
                    user.email() == null ? null : user.email().toLowerCase(Locale.ROOT),
                    user.displayName(),
                    who.email() == null ? null : clock.instant());
            if (made == 1) {
                link(who, user.id());
                return user;
            }
        }
        throw ProblemException.conflict(
                "taken", "No free user name could be made of " + who.username() + ". Try again.");
    }

    private void requireAllowed(ExternalIdentity who, LoginFlow flow) {
        if (isAdministrator(who) || settings.mode() == SignUp.OPEN) {
            return;
        }
        if (settings.mode() == SignUp.CLOSED) {
            throw LoginRefusals.signUpClosed();
        }
        if (flow.inviteCode() != null) {
            inviteCodes.use(flow.inviteCode());
        } else if (!isInvited(who.email())) {
            throw LoginRefusals.signUpClosed();
        }
    }

    private boolean isInvited(@Nullable String email) {
        return email != null
                && database.first("""
                                SELECT 1 FROM invitation i JOIN project p ON p.id = i.project_id
                                WHERE lower(i.email) = lower(?) AND i.accepted_at IS NULL AND i.expires_at > ?
                                  AND p.deleted_at IS NULL LIMIT 1
                                """, row -> row.getInt(1), email, clock.instant())
                        .isPresent();
    }

    private boolean promoted(ExternalIdentity who, User user) {
        if (user.systemAdmin() || !isAdministrator(who)) {
            return user.systemAdmin();
        }
        database.change("UPDATE account SET system_admin = true, version = version + 1 WHERE id = ?", user.id());
        return true;
    }

    private boolean isAdministrator(ExternalIdentity who) {
        return !auth.adminEmail().isBlank() && auth.adminEmail().equalsIgnoreCase(who.email());
    }

    private Optional<Found> found(String condition, @Nullable Object... values) {
        return database.first(
                "SELECT a.disabled_at, a.email_verified_at, " + User.COLUMNS + " FROM account a " + condition,
                row -> new Found(
                        User.read(row),
                        Database.instant(row, "disabled_at") != null,
                        Database.instant(row, "email_verified_at") != null),
                values);
    }

    private static User enabled(Found account) {
        if (account.disabled()) {
            throw LoginRefusals.disabled();
        }
        return account.user();
    }

    /** A name of our shape out of any text; from the second try on with a random tail. */
    private static String username(String wanted, int attempt) {
        String plain = wanted.replaceFirst("@.*", "")
                .replaceAll("[^A-Za-z0-9._-]+", "-")
                .replaceAll("^[._-]+", "");
        String name = plain.isEmpty() ? "user" : plain.substring(0, Math.min(NAME_MAX, plain.length()));
        String id = Ids.text();
        return attempt == 0 && name.length() > 1 ? name : name + "-" + id.substring(id.length() - 6);
    }
}
