package dev.slipway.container.agent;

import dev.slipway.container.host.SessionDirectories;
import dev.slipway.container.runtime.SandboxName;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import jdk.net.ExtendedSocketOptions;

/**
 * Reaches the socket that agent made. The folder that it lies in is writable for the sandbox, which may put anything in the
 * socket's place: a symbolic link to another socket of this host, for one. So we connect to a hard link of our own, which is
 * to the very thing that lies there and follows nothing, after a look at what that is.
 */
@Singleton
public final class AgentSockets {
    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_SOCKET = 0140000;
    private static final String SOCKET = "agent.sock";

    private final SessionDirectories directories;
    private final AtomicLong number = new AtomicLong();

    AgentSockets(SessionDirectories directories) {
        this.directories = directories;
    }

    /**
     * A connection to the agent of the session.
     *
     * @throws IOException if nobody listens there, or what lies there is no socket
     */
    public SocketChannel connect(SandboxName name) throws IOException {
        Path socket = directories.agent(name).resolve(SOCKET);
        Path own = directories.links(name).resolve(Long.toString(number.getAndIncrement(), Character.MAX_RADIX));
        try {
            Files.deleteIfExists(own); // left by an earlier process of ours
            Files.createLink(own, socket);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException _) {
            return connectToPeerOf(socket);
        }
        try {
            requireSocket(own);
            return open(own);
        } finally {
            Files.deleteIfExists(own);
        }
    }

    /**
     * Where the kernel allows hard links only to one's own files (fs.protected_hardlinks, and we are neither root nor the
     * sandbox's user), whoever listens must at least be a process of the sandbox's user.
     */
    private static SocketChannel connectToPeerOf(Path socket) throws IOException {
        requireSocket(socket);
        int uid = (Integer) Files.getAttribute(socket, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (uid != SessionDirectories.SANDBOX_UID) {
            throw new IOException(socket + ": owner " + uid + " (expected: " + SessionDirectories.SANDBOX_UID + ")");
        }
        String owner = Files.getOwner(socket, LinkOption.NOFOLLOW_LINKS).getName();
        SocketChannel channel = open(socket);
        try {
            String listener =
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            if (!listener.equals(owner)) {
                throw new IOException(socket + ": " + listener + " listens (expected: " + owner + ")");
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void requireSocket(Path path) throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE_MASK) != TYPE_SOCKET) {
            throw new IOException(
                    path + ": file type " + Integer.toOctalString(mode & TYPE_MASK) + " (expected: a socket)");
        }
    }

    private static SocketChannel open(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
