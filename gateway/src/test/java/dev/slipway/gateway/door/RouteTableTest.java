package dev.slipway.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long each kind of path may take until its answer begins. */
class RouteTableTest {
    @ParameterizedTest
    @CsvSource({
        "PT1M, /api/projects/p1/sessions",
        "PT1M, /api/projects/p1/sessions/s1",
        "PT1M, /api/projects/p1/sessions/fetch",
        "PT1M, /api/projects/p1/chat/s1/messages",
        "PT1M, /api/projects/p1/workspaces/w1/git/status",
        "PT1M, /api/sessions/s1/terminal/ws",
        "PT5M, /api/projects/p1/workspaces/validate",
        "PT5M, /api/projects/p1/workspaces/w1/validate",
        "PT5M, /api/projects/p1/workspaces/w1/git/fetch",
        "PT5M, /api/projects/p1/workspaces/w1/git/push",
        "PT5M, /api/projects/p1/workspaces/w1/git/merge",
        "PT5M, /api/projects/p1/workspaces/w1/git/checkout",
        "PT5M, /api/projects/p1/workspaces/w1/git/commit",
        "PT5M, /api/projects/p1/sessions/s1/apply",
        "PT5M, /api/projects/p1/sessions/s1/rebase",
        "PT5M, /api/sessions/s1/commit",
        "PT5M, /api/sessions/s1/pull-request",
        "PT5M, /api/sessions/s1/files/archive",
        "PT11M, /api/projects/p1/sessions/s1/cmd",
        "PT11M, /api/sessions/s1/cmd"
    })
    void eachPathHasItsTime(Duration within, String path) {
        for (String query : new String[] {"", "depth=1&to=/cmd"}) {
            Destination found = RouteTable.find(path, query);

            assertThat(found).isInstanceOf(Destination.Service.class);
            assertThat(((Destination.Service) found).answerWithin()).isEqualTo(within);
        }
    }
}
