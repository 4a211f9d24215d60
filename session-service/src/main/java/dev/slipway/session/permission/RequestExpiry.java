package dev.slipway.session.permission;

import dev.slipway.session.loop.Loop;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Answers what nobody answered in time, so that no agent waits for ever. */
@Singleton
class RequestExpiry implements Loop {
    private static final int AT_ONCE = 50;

    private final PermissionRepository permissions;
    private final PermissionService service;

    RequestExpiry(PermissionRepository permissions, PermissionService service) {
        this.permissions = permissions;
        this.service = service;
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void look() {
        permissions.findOverdue(AT_ONCE).forEach(service::expire);
    }
}
