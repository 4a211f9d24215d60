package dev.slipway.gateway.user;

import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;

/** Uses up invite codes. */
@Singleton
public class InviteCodes {
    private final Database database;

    InviteCodes(Database database) {
        this.database = database;
    }

    /** Takes one use in the caller's transaction, which gives it back if it does not commit; 400 if there is none to take. */
    @Transactional
    public void use(String code) {
        if (database.change("""
                        UPDATE invite_code SET uses = uses + 1
                        WHERE code_hash = ? AND uses < uses_max AND revoked_at IS NULL
                          AND (expires_at IS NULL OR expires_at > now())
                        """, (Object) SecretHash.of(code)) == 0) {
            throw ProblemException.invalid("inviteCode", "unknown, used up or expired. Ask for a new one.");
        }
    }
}
