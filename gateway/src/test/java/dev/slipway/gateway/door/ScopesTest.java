package dev.slipway.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gateway.audit.Witness;
import dev.slipway.gateway.user.Visitor.Scope;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scope a request needs, however its path is written that leads to the same place. */
class ScopesTest {
    private static Scope needed(String method, String path) {
        return Scopes.needed(
                new Knock(method, path, _ -> List.of(), new ClientOrigin("127.0.0.1", false, null), new Witness()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/admin/users",
                "/api/tokens",
                "/auth/sessions",
                "/auth/link/github",
                "/auth/identities",
                "/api/projects/p",
                "/api/projects/p/members",
                "/api/projects/p/members/u",
                "/api/projects/p/invitations",
                "/api/projects/p/limits",
                "/api/projects/p/credentials",
                "/api/projects/p/webhooks",
                "/api/projects/p/workspaces/w/limits",
                "/api/projects/p/sessions/s/egress/budget",
                "/api/projects/p/sessions/s/egress/config/approval",
                "/api/sessions/s/egress/budget",
                "/api/sessions/s/egress/config/approval"
            })
    void rightsNeedAdminWithASlashAtTheEndToo(String path) {
        assertThat(needed("DELETE", path)).isEqualTo(Scope.ADMIN);
        assertThat(needed("DELETE", path + "/")).isEqualTo(Scope.ADMIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/projects",
                "/api/projects/p/workspaces",
                "/api/projects/p/workspaces/w",
                "/api/projects/p/sessions/s/egress",
                "/api/sessions/s",
            })
    void workNeedsWriteWithASlashAtTheEndToo(String path) {
        assertThat(needed("POST", path)).isEqualTo(Scope.WRITE);
        assertThat(needed("POST", path + "/")).isEqualTo(Scope.WRITE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/projects/p", "/api/projects/p/"})
    void lookingNeedsRead(String path) {
        assertThat(needed("GET", path)).isEqualTo(Scope.READ);
    }
}
