package dev.slipway.gateway.door;

import dev.slipway.gateway.proxy.Target.Flow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where a path leads. */
public sealed interface Destination {
    /** A controller of the gateway itself, or nothing at all, which is also the framework's to say. */
    record Here() implements Destination {}

    /** A file of the user interface. */
    record UserInterface(String path) implements Destination {}

    /** A project's events, as server-sent events or over a WebSocket. */
    record Events(ProjectOf project, boolean webSocket) implements Destination {}

    /**
     * A program that listens in a sandbox.
     *
     * @param port the port it listens on there
     * @param ticket what stands for a login on addresses that a browser follows by itself; see {@link PreviewTickets}
     * @param rest what follows the port, with its slash and its query, still encoded
     */
    record Preview(String sessionId, int port, @Nullable String ticket, String rest) implements Destination {
        @Override
        public String toString() {
            return "Preview[" + sessionId + ":" + port + "]";
        }
    }

    /**
     * Another service.
     *
     * @param rest what follows {@code /internal/projects/{project}/}, with its query, still encoded
     * @param flow what passes
     * @param bodyBytesMax 413 beyond
     * @param answerWithin 504 if the answer has not begun by then
     */
    record Service(String name, ProjectOf project, String rest, Flow flow, long bodyBytesMax, Duration answerWithin)
            implements Destination {}

    /** How the project is found. */
    sealed interface ProjectOf {
        /** By its id in the path. */
        record Named(String id) implements ProjectOf {}

        /**
         * The one that the session belongs to. A session that is unknown, or of a project that the caller is no member of, is
         * looked for in the caller's default project, so that both get the same answer: that of whoever owns sessions.
         */
        record OfSession(String sessionId) implements ProjectOf {}

        /** The one that the session belongs to, and 404 if that is unknown or foreign. */
        record OnlyOfSession(String sessionId) implements ProjectOf {}

        /** The caller's default project. */
        record Default() implements ProjectOf {}
    }
}
