package dev.slipway.container.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import java.util.List;

/** The engine that all tests share. */
public final class TestEngine {
    private static final EngineUnderTest SHARED = new EngineUnderTest(null).build();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(SHARED::forgetImage));
    }

    private TestEngine() {}

    /** All that tests do with it. */
    public static EngineUnderTest shared() {
        return SHARED;
    }

    /** The engine itself. */
    public static DockerClient docker() {
        return SHARED.docker();
    }

    /** An image whose agent is {@code agent.pl}; removed when the tests end. */
    public static String image() {
        return SHARED.image();
    }

    /** All containers of that home, in any state. */
    public static List<Container> containers(String home) {
        return SHARED.containers(home);
    }

    /** The names of all volumes of that home. */
    public static List<String> volumes(String home) {
        return SHARED.volumes(home);
    }

    /** Runs a command in a container as its user, and returns what it wrote. */
    public static String exec(String containerId, String... command) throws InterruptedException {
        return SHARED.exec(containerId, command);
    }

    /** Removes whatever a test left. */
    public static void clean(String home) {
        SHARED.clean(home);
    }
}
