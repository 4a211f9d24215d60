package dev.slipway.kit.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that start later, or again. Below those that systems hand out to connections (32768 and up by Linux's default),
 * so that nothing else takes one in between.
 */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int BEYOND = 32_000;

    private FreePorts() {}

    /** One on which nobody listens now. */
    public static int any() {
        int port = some();
        while (!isFree(port)) {
            port = some();
        }
        return port;
    }

    private static int some() {
        return ThreadLocalRandom.current().nextInt(FIRST, BEYOND);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
