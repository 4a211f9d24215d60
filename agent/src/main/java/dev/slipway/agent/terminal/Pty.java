package dev.slipway.agent.terminal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * The controlling end of a pseudo-terminal (pty(7)), by the C library's own functions: the JDK has none for it, and a library
 * for it would bring binaries that this image has no place for. Linux only, as the sandbox is.
 */
final class Pty implements AutoCloseable {
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0400;
    private static final int O_CLOEXEC = 02000000;
    private static final long TIOCSWINSZ = 0x5414;
    private static final int EINTR = 4;
    private static final int NAME_BYTES_MAX = 128;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout ERROR = Linker.Option.captureStateLayout();
    private static final long ERRNO_AT = ERROR.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = function("posix_openpt", descriptor(ValueLayout.JAVA_INT));
    private static final MethodHandle GRANT = function("grantpt", descriptor(ValueLayout.JAVA_INT));
    private static final MethodHandle UNLOCK = function("unlockpt", descriptor(ValueLayout.JAVA_INT));
    private static final MethodHandle NAME =
            function("ptsname_r", descriptor(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle CONTROL = function(
            "ioctl",
            descriptor(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle READ = transfer("read");
    private static final MethodHandle WRITE = transfer("write");
    private static final MethodHandle CLOSE = function("close", descriptor(ValueLayout.JAVA_INT));
    private static final MethodHandle KILL = function("kill", descriptor(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int descriptor;
    private final String name;
    private boolean closed;

    private Pty(int descriptor, String name) {
        this.descriptor = descriptor;
        this.name = name;
    }

    /** A new pseudo-terminal that nothing is connected to yet. */
    static Pty open() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(O_RDWR | O_NOCTTY | O_CLOEXEC);
            MemorySegment name = arena.allocate(NAME_BYTES_MAX);
            if (descriptor < 0
                    || (int) GRANT.invokeExact(descriptor) != 0
                    || (int) UNLOCK.invokeExact(descriptor) != 0
                    || (int) NAME.invokeExact(descriptor, name, (long) NAME_BYTES_MAX) != 0) {
                throw new IOException("no pseudo-terminal is to be had here");
            }
            return new Pty(descriptor, name.getString(0, StandardCharsets.UTF_8));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** The path of the end that a shell is connected to. */
    String name() {
        return name;
    }

    /** Tells the programs on it how large the screen is; they get a SIGWINCH if that is new. */
    synchronized void resize(int rows, int columns) throws IOException {
        if (closed) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4);
            size.setAtIndex(ValueLayout.JAVA_SHORT, 0, (short) rows);
            size.setAtIndex(ValueLayout.JAVA_SHORT, 1, (short) columns);
            int result = (int) CONTROL.invokeExact(descriptor, TIOCSWINSZ, size);
            if (result != 0) {
                throw new IOException("the terminal's size cannot be set");
            }
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /**
     * Waits for output. To be called by one thread at a time, which must not be a virtual one: the call holds its carrier.
     *
     * @param buffer native memory
     * @return the number of bytes; -1 when nothing is connected any more
     */
    int read(MemorySegment buffer) throws IOException {
        return (int) transfer(READ, buffer, buffer.byteSize());
    }

    /** Writes all of it, and waits while the programs on it take none. By one thread at a time, not a virtual one. */
    void write(byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            long done = 0;
            while (done < bytes.length) {
                long count = transfer(WRITE, buffer.asSlice(done), bytes.length - done);
                if (count < 0) {
                    throw new IOException("the terminal takes no input");
                }
                done += count;
            }
        }
    }

    /** Sends a signal to a process, or with a negative number to a group of them. */
    static boolean signal(long process, int signal) throws IOException {
        try {
            return (int) KILL.invokeExact((int) process, signal) == 0;
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private long transfer(MethodHandle function, MemorySegment buffer, long length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(ERROR);
            while (true) {
                long count = (long) function.invokeExact(error, descriptor, buffer, length);
                if (count > 0) {
                    return count;
                }
                if (count == 0 || error.get(ValueLayout.JAVA_INT, ERRNO_AT) != EINTR) {
                    return -1;
                }
            }
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Hangs up: what runs on it gets a SIGHUP. Only after the last read has returned. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            try {
                int result = (int) CLOSE.invokeExact(descriptor);
                assert result == 0;
            } catch (Throwable e) {
                throw failed(e);
            }
        }
    }

    private static FunctionDescriptor descriptor(MemoryLayout... arguments) {
        return FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
    }

    private static MethodHandle transfer(String name) {
        return function(
                name,
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    }

    @SuppressWarnings("restricted") // native access is what this class is for
    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    private static IOException failed(Throwable thrown) {
        return switch (thrown) {
            case IOException e -> e;
            case Error e -> throw e;
            default -> new IOException("a call of the C library failed", thrown);
        };
    }
}
