package dev.slipway.mitm.session;

import dev.slipway.mitm.door.Doors;
import dev.slipway.mitm.settings.EgressSettings;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens every stored session's door when the process starts: sandboxes outlive the proxy and go on as soon as it is back. */
@Singleton
final class DoorKeeper implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(DoorKeeper.class);
    private static final int PAGE = 500;

    private final SessionRepository sessions;
    private final SessionService service;
    private final Doors doors;
    private final EgressSettings settings;

    DoorKeeper(SessionRepository sessions, SessionService service, Doors doors, EgressSettings settings) {
        this.sessions = sessions;
        this.service = service;
        this.doors = doors;
        this.settings = settings;
    }

    /** Lets answers under way end before the data path is taken down, which depends on nothing that stops earlier. */
    @PreDestroy
    void stop() {
        doors.close(settings.drain());
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent started) {
        int opened = 0;
        String after = "";
        List<SessionRow> page = sessions.findPageAfter(after, PAGE);
        while (!page.isEmpty()) {
            for (SessionRow session : page) {
                opened += open(session) ? 1 : 0;
            }
            after = page.getLast().sessionId();
            page = sessions.findPageAfter(after, PAGE);
        }
        LOG.atInfo().addKeyValue("doors", opened).log("doors opened");
    }

    /** One session's bad luck must not keep the others' doors shut. */
    private boolean open(SessionRow session) {
        try {
            service.openDoor(session);
            return true;
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("sessionId", session.sessionId())
                    .setCause(e)
                    .log("door cannot be opened");
            return false;
        }
    }
}
