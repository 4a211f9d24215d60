package dev.slipway.workspace.transport;

import dev.slipway.kit.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** The two sides of git that a client may ask for. */
enum GitService {
    UPLOAD_PACK("git-upload-pack", "upload-pack"),
    RECEIVE_PACK("git-receive-pack", "receive-pack");

    private final String wireName;
    private final String command;

    GitService(String wireName, String command) {
        this.wireName = wireName;
        this.command = command;
    }

    static GitService of(@Nullable String wireName) {
        for (GitService service : values()) {
            if (service.wireName.equals(wireName)) {
                return service;
            }
        }
        throw ProblemException.forbidden(
                "This server speaks git's smart HTTP only: ?service=git-upload-pack or git-receive-pack.");
    }

    String wireName() {
        return wireName;
    }

    String command() {
        return command;
    }

    String advertisementType() {
        return "application/x-" + wireName + "-advertisement";
    }

    String resultType() {
        return "application/x-" + wireName + "-result";
    }
}
