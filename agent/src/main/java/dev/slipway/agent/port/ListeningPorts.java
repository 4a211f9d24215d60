package dev.slipway.agent.port;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The TCP ports on which something listens here, as the kernel tells them (proc(5), {@code /proc/net/tcp}). */
public final class ListeningPorts {
    private static final String LISTENING = "0A";
    private static final int PORTS_MAX = 200;

    private ListeningPorts() {}

    /** In order, at most {@value #PORTS_MAX}, without our own. */
    public static Set<Integer> now(int ownPort) throws IOException {
        TreeSet<Integer> ports = new TreeSet<>();
        for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            if (!Files.exists(Path.of(table))) {
                continue; // no IPv6 here
            }
            try (var lines = Files.lines(Path.of(table))) {
                lines.skip(1)
                        .map(line -> line.strip().split("\\s+"))
                        .filter(fields -> fields.length > 3 && fields[3].equals(LISTENING))
                        .map(fields -> Integer.parseInt(fields[1].substring(fields[1].lastIndexOf(':') + 1), 16))
                        .filter(port -> port != ownPort)
                        .limit(PORTS_MAX)
                        .forEach(ports::add);
            }
        }
        return ports;
    }
}
