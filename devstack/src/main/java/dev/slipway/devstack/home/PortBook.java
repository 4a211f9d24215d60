package dev.slipway.devstack.home;

import dev.slipway.devstack.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Which loopback port each part listens on: the one of the last time if it is still free, else a new one. */
public final class PortBook {
    private static final int FIRST = 20_000;
    private static final int BEYOND = 32_000;

    private final Path file;
    private final Properties known;
    private final Set<Integer> taken = new HashSet<>();

    public PortBook(Path file) throws IOException {
        this.file = file;
        this.known = PrivateFiles.readProperties(file);
    }

    /** A free port for this part, remembered. */
    public int choose(String part) throws IOException {
        int last = Integer.parseInt(known.getProperty(part, "0"));
        int port = last != 0 && !taken.contains(last) && isFree(last) ? last : anyFree();
        return remember(part, port);
    }

    /** Exactly this port, or a failure that says what to do; 0 stands for any free one. */
    public int require(String part, int port) throws IOException {
        if (port == 0) {
            return choose(part);
        }
        if (!isFree(port)) {
            throw new StartFailure("Port " + port + " on 127.0.0.1 is in use by another program.\n"
                    + "Choose another one: ./slipway up --port " + anyFree());
        }
        return remember(part, port);
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // A connection that just ended must not make a port look taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** One below those that systems hand out to connections, which could take it while the part that has it is started again. */
    private int anyFree() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND);
            if (!taken.contains(port) && isFree(port)) {
                return port;
            }
        }
    }

    private int remember(String part, int port) throws IOException {
        taken.add(port);
        if (!Integer.toString(port).equals(known.getProperty(part))) {
            known.setProperty(part, Integer.toString(port));
            PrivateFiles.writeProperties(file, known, "Ports of the last start; taken again if they are free");
        }
        return port;
    }
}
