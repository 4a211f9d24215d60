package dev.slipway.gateway.project;

import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.AuthSettings;
import dev.slipway.gateway.user.User;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Without login: makes the anonymous user and its project, and sees to it that only this machine can reach them. */
@Singleton
public class LocalProject {
    /** The project that is there from the first start. */
    public static final String ID = "local";

    private final AuthSettings settings;
    private final Database database;
    private final String host;

    LocalProject(AuthSettings settings, Database database, @Value("${micronaut.server.host:127.0.0.1}") String host) {
        this.settings = settings;
        this.database = database;
        this.host = host;
    }

    @EventListener
    @Transactional
    public void prepare(StartupEvent ignored) {
        if (settings.enabled()) {
            return;
        }
        if (!settings.anonymousAnywhere() && !isLoopback(host)) {
            throw new IllegalStateException("AUTH_ENABLED=false, and SLIPWAY_BIND is " + host
                    + " (expected: a loopback address, since everyone who reaches this port could do everything; set "
                    + "AUTH_ENABLED=true, or SLIPWAY_ANONYMOUS_ANYWHERE=true if something else guards the port)");
        }
        database.change("""
                INSERT INTO account (id, username, display_name, system_admin) VALUES (?, 'anonymous', 'Anonymous', true)
                ON CONFLICT DO NOTHING
                """, User.ANONYMOUS_ID);
        database.change("INSERT INTO project (id, name, slug) VALUES (?, 'Local', ?) ON CONFLICT DO NOTHING", ID, ID);
        database.change(
                "INSERT INTO member (project_id, account_id, role) VALUES (?, ?, 'owner') ON CONFLICT DO NOTHING",
                ID,
                User.ANONYMOUS_ID);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
