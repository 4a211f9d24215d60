package dev.slipway.workspace.access;

import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.workspace.git.GitCommand;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Over https through mitm-proxy. Address and token go by the environment, never by a command line. */
final class DoorPassage implements Passage {
    private final EgressDoors doors;
    private final Errand errand;
    private final EgressDoor door;
    private final Path roots;

    DoorPassage(EgressDoors doors, Errand errand, EgressDoor door, Path roots) {
        this.doors = doors;
        this.errand = errand;
        this.door = door;
        this.roots = roots;
    }

    @Override
    public GitCommand through(GitCommand command) {
        String proxy = "http://" + encoded(errand.doorId()) + ":" + encoded(String.valueOf(door.token())) + "@"
                + door.address();
        return command.with("GIT_ALLOW_PROTOCOL", "https")
                .with("GIT_SSL_CAINFO", roots.toString())
                // The machine's exceptions are not ours: all of it goes through the door.
                .with("NO_PROXY", "")
                .with("no_proxy", "")
                .config("http.proxy", proxy)
                .config("http.proxyAuthMethod", "basic");
    }

    @Override
    public Optional<EgressDoor> door() {
        return Optional.of(door);
    }

    @Override
    public Optional<Path> roots() {
        return Optional.of(roots);
    }

    @Override
    public String doorId() {
        return errand.doorId();
    }

    @Override
    public void close() {
        doors.close(errand);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
