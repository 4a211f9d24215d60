package dev.slipway.gateway.door;

/** Where a path leads. */
public sealed interface Destination {
    /** A controller of the gateway itself, or nothing at all, which is also the framework's to say. */
    record Here() implements Destination {}

    /** A file of the user interface. */
    record UserInterface(String path) implements Destination {}

    /** A project's events. */
    record Events(ProjectOf project) implements Destination {}

    /**
     * Another service.
     *
     * @param rest what follows {@code /internal/projects/{project}/}, still encoded
     * @param preview whether a program in a sandbox answers, whose word is not ours
     * @param bodyBytesMax 413 beyond
     */
    record Service(String name, ProjectOf project, String rest, boolean preview, long bodyBytesMax)
            implements Destination {}

    /** How the project is found. */
    sealed interface ProjectOf {
        /** By its id in the path. */
        record Named(String id) implements ProjectOf {}

        /** The one that the session belongs to, or the caller's default one while its events have not come yet. */
        record OfSession(String sessionId) implements ProjectOf {}

        /** The caller's default project. */
        record Default() implements ProjectOf {}
    }
}
