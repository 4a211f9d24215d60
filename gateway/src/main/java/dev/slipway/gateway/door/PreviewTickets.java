package dev.slipway.gateway.door;

import dev.slipway.gateway.door.Destination.Preview;
import dev.slipway.gateway.seal.DerivedKeys;
import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.User;
import dev.slipway.gateway.user.Visitor;
import dev.slipway.gateway.user.Visitor.Proof;
import dev.slipway.gateway.user.Visitor.Scope;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;

/**
 * Stands for a login in the address of a preview. A page out of a sandbox is shown without an origin, so that it can do nothing
 * with its visitor's login; but then its own scripts and styles come without the login too. So whoever opens a preview is sent on
 * to an address that holds a ticket: good for this user, this session and this port, until it is too old or the user is no
 * member any more. The page can read its own address, and learns nothing by it that it could not have anyway.
 */
@Singleton
class PreviewTickets {
    static final Duration LIFETIME = Duration.ofHours(12);

    private static final Pattern SHOWN = Pattern.compile("/preview/[^/]+/\\d{1,5}~[^/]+(/.*)?");
    private static final int MAC_BYTES = 18;

    private final SecretKey key;
    private final SessionDirectory sessions;
    private final Database database;
    private final Clock clock;
    private final Recent<List<String>, Admission> holders = new Recent<>(Acquaintances.LIFETIME, 10_000);

    PreviewTickets(DerivedKeys keys, SessionDirectory sessions, Database database, Clock clock) {
        this.key = keys.of("preview tickets", "HmacSHA256");
        this.sessions = sessions;
        this.database = database;
        this.clock = clock;
    }

    /** Whether a path has something in it that may be a ticket. */
    static boolean isShownIn(String path) {
        return SHOWN.matcher(path).matches();
    }

    String issue(String user, Preview preview) {
        String until = Long.toString(clock.instant().plus(LIFETIME).getEpochSecond(), Character.MAX_RADIX);
        return user + "." + until + "." + mac(user, until, preview);
    }

    /** Who holds the ticket. Blocks. */
    Admission admit(Preview preview) {
        String[] parts = String.valueOf(preview.ticket()).split("\\.", -1);
        if (parts.length != 3 || !isOurs(parts, preview)) {
            throw ProblemException.of(
                    HttpStatus.UNAUTHORIZED, "unauthorized", "This preview's address is too old. Open it anew.");
        }
        String project =
                sessions.projectOf(preview.sessionId()).orElseThrow(() -> ProblemException.notFound("session"));
        List<String> key = List.of(project, parts[0]);
        Admission known = holders.get(key);
        if (known == null) {
            known = member(project, parts[0]);
            holders.put(key, known);
        }
        return known;
    }

    private boolean isOurs(String[] parts, Preview preview) {
        byte[] shown = parts[2].getBytes(StandardCharsets.US_ASCII);
        byte[] due = mac(parts[0], parts[1], preview).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(shown, due)
                && Long.parseLong(parts[1], Character.MAX_RADIX)
                        > clock.instant().getEpochSecond();
    }

    private String mac(String user, String until, Preview preview) {
        String signed = user + " " + until + " " + preview.sessionId() + " " + preview.port();
        byte[] mac = DerivedKeys.mac(key, signed.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac, MAC_BYTES));
    }

    private Admission member(String project, String user) {
        return database.first(
                        """
                SELECT a.username, a.email, a.display_name, m.role
                FROM member m JOIN account a ON a.id = m.account_id JOIN project p ON p.id = m.project_id
                WHERE m.project_id = ? AND m.account_id = ? AND a.disabled_at IS NULL AND p.deleted_at IS NULL
                """,
                        row -> {
                            User holder = new User(
                                    user,
                                    row.getString("username"),
                                    row.getString("email"),
                                    row.getString("display_name"),
                                    false);
                            Visitor visitor = new Visitor(holder, Proof.COOKIE, Scope.WRITE, null, "preview");
                            return new Admission(visitor, project, Role.of(row.getString("role")));
                        },
                        project,
                        user)
                .orElseThrow(() -> ProblemException.notFound("session"));
    }
}
