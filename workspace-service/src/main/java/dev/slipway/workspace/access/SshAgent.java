package dev.slipway.workspace.access;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ssh agent on a Unix socket with one key, by the ssh-agent protocol (draft-ietf-sshm-ssh-agent): it lists the key and has data
 * signed, and fails whatever else it is asked.
 */
final class SshAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SshAgent.class);
    private static final int FAILURE = 5;
    private static final int REQUEST_IDENTITIES = 11;
    private static final int IDENTITIES_ANSWER = 12;
    private static final int SIGN_REQUEST = 13;
    private static final int SIGN_RESPONSE = 14;
    private static final int MESSAGE_MAX = 256 * 1024;

    /** Makes signatures. */
    interface Signer {
        byte[] sign(byte[] data, int flags);
    }

    private final ServerSocketChannel socket;
    private final byte[] key;
    private final Signer signer;

    private SshAgent(ServerSocketChannel socket, byte[] key, Signer signer) {
        this.socket = socket;
        this.key = key;
        this.signer = signer;
    }

    /** Listens at a place in a folder that only we may enter. */
    static SshAgent listen(Path place, byte[] key, Signer signer) {
        try {
            ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            socket.bind(UnixDomainSocketAddress.of(place));
            SshAgent agent = new SshAgent(socket, key, signer);
            Thread.ofVirtual().name("ssh-agent").start(agent::accept);
            return agent;
        } catch (IOException e) {
            throw new UncheckedIOException("ssh agent at " + place, e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("ssh agent", e);
        }
    }

    private void accept() {
        while (socket.isOpen()) {
            try {
                SocketChannel client = socket.accept();
                Thread.ofVirtual().name("ssh-agent-client").start(() -> serve(client));
            } catch (IOException _) {
                // Closed: the errand is done.
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            DataInputStream in = new DataInputStream(Channels.newInputStream(client));
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(client));
            while (true) {
                byte[] answer = answer(read(in, MESSAGE_MAX));
                out.writeInt(answer.length);
                out.write(answer);
                out.flush();
            }
        } catch (IOException _) {
            // The client has what it wanted.
            return;
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("ssh key could not be used");
        }
    }

    private byte[] answer(byte[] message) throws IOException {
        DataInputStream request = new DataInputStream(new ByteArrayInputStream(message));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream answer = new DataOutputStream(bytes);
        switch (request.readUnsignedByte()) {
            case REQUEST_IDENTITIES -> {
                answer.writeByte(IDENTITIES_ANSWER);
                answer.writeInt(1);
                write(answer, key);
                write(answer, new byte[0]);
            }
            case SIGN_REQUEST -> {
                byte[] wanted = read(request, message.length);
                byte[] data = read(request, message.length);
                int flags = request.readInt();
                if (!Arrays.equals(wanted, key)) {
                    return new byte[] {FAILURE};
                }
                answer.writeByte(SIGN_RESPONSE);
                write(answer, signer.sign(data, flags));
            }
            default -> answer.writeByte(FAILURE);
        }
        return bytes.toByteArray();
    }

    /** {@code uint32 length, bytes}: a message, or a string in one. */
    private static byte[] read(DataInputStream in, int max) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > max) {
            throw new IOException("ssh agent: " + length + " bytes (expected: at most " + max + ")");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
