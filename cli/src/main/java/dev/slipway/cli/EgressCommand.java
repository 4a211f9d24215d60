package dev.slipway.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What left a session's sandbox, and what was refused. */
@Command(name = "egress", description = "Show what left a session's sandbox and what was refused; allow a host.")
final class EgressCommand extends SessionCommand.OnOne {
    @Option(names = "--refused", description = "Only what was refused.")
    boolean refused;

    @Option(names = "--allow", paramLabel = "HOST", description = "Let this session reach a host from now on.")
    @Nullable
    String allow;

    @Override
    public Integer call() throws InterruptedException {
        if (allow != null) {
            return done(
                    gateway().post(path() + "/egress/allow", Gateway.object().put("host", allow)), "allowed " + allow);
        }
        String filter = refused ? "?decision=blocked" : "";
        return rows(
                gateway().list(path() + "/egress" + filter, "egress"),
                "time",
                "decision",
                "method",
                "host",
                "path",
                "status");
    }
}
