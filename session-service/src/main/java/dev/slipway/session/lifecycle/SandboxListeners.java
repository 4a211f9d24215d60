package dev.slipway.session.lifecycle;

import dev.slipway.contracts.container.SandboxEvent.SandboxFailed;
import dev.slipway.contracts.container.SandboxEvent.SandboxImageOutdated;
import dev.slipway.contracts.container.SandboxEvent.SandboxProgress;
import dev.slipway.contracts.container.SandboxEvent.SandboxReady;
import dev.slipway.contracts.container.SandboxEvent.SandboxRemoved;
import dev.slipway.contracts.container.SandboxEvent.SandboxStopped;
import dev.slipway.contracts.event.LifecycleEvent;
import dev.slipway.contracts.workspace.WorkspaceEvent.CheckoutFailed;
import dev.slipway.contracts.workspace.WorkspaceEvent.CheckoutPrepared;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.function.Consumer;

/** Which event goes to which method of {@link SandboxReports}. */
@Factory
class SandboxListeners {
    @Singleton
    @Named("checkout-prepared")
    EventHandler<CheckoutPrepared> checkoutPrepared(SandboxReports reports) {
        return new Listener<>(CheckoutPrepared.class, reports::checkoutPrepared);
    }

    @Singleton
    @Named("checkout-failed")
    EventHandler<CheckoutFailed> checkoutFailed(SandboxReports reports) {
        return new Listener<>(CheckoutFailed.class, reports::checkoutFailed);
    }

    @Singleton
    @Named("sandbox-progress")
    EventHandler<SandboxProgress> progress(SandboxReports reports) {
        return new Listener<>(SandboxProgress.class, reports::progress);
    }

    @Singleton
    @Named("sandbox-ready")
    EventHandler<SandboxReady> ready(SandboxReports reports) {
        return new Listener<>(SandboxReady.class, reports::ready);
    }

    @Singleton
    @Named("sandbox-stopped")
    EventHandler<SandboxStopped> stopped(SandboxReports reports) {
        return new Listener<>(SandboxStopped.class, reports::stopped);
    }

    @Singleton
    @Named("sandbox-failed")
    EventHandler<SandboxFailed> failed(SandboxReports reports) {
        return new Listener<>(SandboxFailed.class, reports::failed);
    }

    @Singleton
    @Named("sandbox-image-outdated")
    EventHandler<SandboxImageOutdated> outdated(SandboxReports reports) {
        return new Listener<>(SandboxImageOutdated.class, reports::outdated);
    }

    @Singleton
    @Named("sandbox-removed")
    EventHandler<SandboxRemoved> removed(SandboxReports reports) {
        return new Listener<>(SandboxRemoved.class, reports::removed);
    }

    private record Listener<E extends LifecycleEvent>(Class<E> eventType, Consumer<E> effect)
            implements EventHandler<E> {
        @Override
        public void handle(EventEnvelope envelope, E event) {
            effect.accept(event);
        }
    }
}
