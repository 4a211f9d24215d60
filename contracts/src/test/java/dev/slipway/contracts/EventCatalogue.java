package dev.slipway.contracts;

import dev.slipway.contracts.container.SandboxEvent;
import dev.slipway.contracts.credential.CredentialEvent;
import dev.slipway.contracts.event.LifecycleEvent;
import dev.slipway.contracts.gateway.ProjectEvent;
import dev.slipway.contracts.mitm.EgressEvent;
import dev.slipway.contracts.session.SessionEvent;
import dev.slipway.contracts.workspace.WorkspaceEvent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** All event records, found through the sealed interfaces of their publishers. */
final class EventCatalogue {
    private EventCatalogue() {}

    static List<Class<? extends LifecycleEvent>> all() {
        return Stream.of(
                        SessionEvent.class,
                        WorkspaceEvent.class,
                        SandboxEvent.class,
                        CredentialEvent.class,
                        ProjectEvent.class,
                        EgressEvent.class)
                .flatMap(publisher -> Arrays.stream(publisher.getPermittedSubclasses()))
                .<Class<? extends LifecycleEvent>>map(event -> event.asSubclass(LifecycleEvent.class))
                .toList();
    }
}
