package dev.slipway.mitm.door;

import dev.slipway.mitm.wire.Door;
import dev.slipway.mitm.wire.FirstBytes;
import dev.slipway.mitm.wire.ProxyServices;
import dev.slipway.mitm.wire.Transport;
import dev.slipway.mitm.wire.Visitor;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** All open doors. A door that is opened again keeps its socket and connections and takes the new policy. */
public final class Doors implements AutoCloseable {
    private static final int HASH_BYTES = 8;
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
    /** The kernel's limit is 108 bytes with the final NUL; container engines add nothing to it, other systems have 104. */
    private static final int SOCKET_PATH_MAX = 103;

    private record Open(Door door, Path socket, Channel listener) {}

    private final Path runFolder;
    private final Transport transport;
    private final ProxyServices services;
    private final Map<String, Open> open = new ConcurrentHashMap<>();

    /** Doors below {@code runFolder}, which is made if need be. */
    public Doors(Path runFolder, Transport transport, ProxyServices services) {
        this.runFolder = runFolder;
        this.transport = transport;
        this.services = services;
    }

    /**
     * Opens a session's socket, or keeps the one that is open, and gives its path.
     *
     * @throws UncheckedIOException if there can be no socket at that path
     */
    public Path open(Door wanted) {
        return open.compute(wanted.sessionId(), (_, present) -> {
                    if (present != null
                            && present.listener.isActive()
                            && present.door.projectId().equals(wanted.projectId())
                            && Files.exists(present.socket)) {
                        present.door.terms(wanted.terms());
                        return present;
                    }
                    if (present != null) {
                        shut(present);
                    }
                    return listen(wanted);
                })
                .socket;
    }

    /** The open door of a session. */
    public Optional<Door> find(String sessionId) {
        return Optional.ofNullable(open.get(sessionId)).map(Open::door);
    }

    /** The projects that have a door here. */
    public Set<String> projects() {
        return open.values().stream().map(present -> present.door.projectId()).collect(Collectors.toSet());
    }

    /** All doors of a project. */
    public List<Door> ofProject(String projectId) {
        return open.values().stream()
                .map(Open::door)
                .filter(door -> door.projectId().equals(projectId))
                .toList();
    }

    /** Closes a session's socket and all its connections; nothing happens if there is none. */
    public void close(String sessionId) {
        open.computeIfPresent(sessionId, (_, present) -> {
            shut(present);
            return null;
        });
        deleteSocket(socketOf(sessionId));
    }

    /** Where a session's socket is, or would be. */
    public Path socketOf(String sessionId) {
        return runFolder.resolve(hash(sessionId)).resolve("egress").resolve("egress.sock");
    }

    /** Takes no new connections, and gives the present ones this long to end by themselves. */
    public void close(Duration patience) {
        for (Open present : open.values()) {
            present.listener.close().syncUninterruptibly();
            deleteSocket(present.socket);
            present.door.drain();
        }
        long until = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < until
                && open.values().stream().anyMatch(present -> present.door.connections() > 0)) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        close();
    }

    @Override
    public void close() {
        open.values().forEach(Doors::shut);
        open.clear();
    }

    private Open listen(Door door) {
        Path socket = socketOf(door.sessionId());
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > SOCKET_PATH_MAX) {
            throw new UncheckedIOException(new IOException(
                    socket + ": too long for a socket (expected: at most 103 bytes; shorten slipway.run-dir)"));
        }
        try {
            makeFolders(door.sessionId());
            Files.deleteIfExists(socket);
            Channel listener = new ServerBootstrap()
                    .group(transport.loops())
                    .channelFactory(transport.unixServer())
                    .childOption(ChannelOption.ALLOCATOR, Transport.ALLOCATOR)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Transport.WAITING)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast("first", new FirstBytes(new Visitor.Known(door), services));
                        }
                    })
                    .bind(transport.unixAddress(socket))
                    .syncUninterruptibly()
                    .channel();
            // The user in the sandbox is not ours; who may reach the file is decided by what is mounted where.
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            return new Open(door, socket, listener);
        } catch (IOException e) {
            throw new UncheckedIOException(socket + ": " + e.getMessage(), e);
        }
    }

    private void makeFolders(String sessionId) throws IOException {
        Path session = runFolder.resolve(hash(sessionId));
        Path egress = session.resolve("egress");
        if (!Files.isDirectory(session)) {
            Files.createDirectories(session);
            // Where container-service made it before, its mode holds: a mount does not care for the folders above it.
            Files.setPosixFilePermissions(session, PosixFilePermissions.fromString("rwx--x--x"));
        }
        Files.createDirectories(egress);
        Files.setPosixFilePermissions(egress, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void shut(Open door) {
        door.listener.close().syncUninterruptibly();
        door.door.shut();
        deleteSocket(door.socket);
    }

    private static void deleteSocket(Path socket) {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(socket + ": " + e.getMessage(), e);
        }
    }

    private static String hash(String sessionId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(sessionId.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
