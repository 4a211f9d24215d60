package dev.slipway.container.reconcile;

import dev.slipway.container.host.TrustBundle;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets running sandboxes trust a new authority of mitm-proxy long before it signs: what is started in them from then on reads the new files.
 */
@Singleton
class TrustRenewal {
    private static final Logger LOG = LoggerFactory.getLogger(TrustRenewal.class);
    private static final int PAGE = 500;

    private final EgressDoors doors;
    private final SandboxStore store;
    private final TrustBundle trust;

    TrustRenewal(EgressDoors doors, SandboxStore store, TrustBundle trust) {
        this.doors = doors;
        this.store = store;
        this.trust = trust;
    }

    /** One look at all sandboxes; a proxy that does not answer is asked at the next one. */
    void run() {
        String authorities;
        try {
            authorities = doors.trustedPem();
        } catch (UpstreamProblemException | UpstreamUnavailableException e) {
            LOG.atDebug().addKeyValue("reason", e.getMessage()).log("authorities to trust are not known");
            return;
        }
        String after = "";
        List<WantedSandbox> page;
        do {
            page = store.findLive(after, PAGE);
            page.forEach(sandbox -> renew(sandbox, authorities));
            after = page.isEmpty() ? after : page.getLast().sessionId();
        } while (page.size() == PAGE);
    }

    private void renew(WantedSandbox sandbox, String authorities) {
        if (!(sandbox.state() instanceof SandboxState.Ready)) {
            return;
        }
        try {
            if (trust.renew(new SandboxName(sandbox.sessionId()), authorities)) {
                LOG.atInfo().addKeyValue("sessionId", sandbox.sessionId()).log("sandbox trusts other authorities");
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("sessionId", sandbox.sessionId())
                    .setCause(e)
                    .log("certificates to trust cannot be written");
        }
    }
}
