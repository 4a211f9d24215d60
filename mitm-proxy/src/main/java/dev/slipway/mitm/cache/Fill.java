package dev.slipway.mitm.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way into the store. Written by one thread; ends once, by {@link #finish} or {@link #abandon}. A disk that is full ends the
 * storing and not the transfer.
 */
public final class Fill {
    final Cacheable wanted;
    final List<Runnable> waiters = new ArrayList<>();
    private final BlobStore store;
    private final Path path;
    private final MessageDigest digest = Cacheable.newDigest();
    private @Nullable FileChannel file;
    private long length = -1;
    private long written;
    private boolean over;

    Fill(BlobStore store, Cacheable wanted, Path path) {
        this.store = store;
        this.wanted = wanted;
        this.path = path;
    }

    /** The body begins; without this call nothing is stored. */
    public void begin(long bodyLength, String mediaType) {
        if (!store.fits(bodyLength)) {
            return;
        }
        length = bodyLength;
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            file.write(Blob.head(bodyLength, mediaType.length() > 200 ? "" : mediaType));
        } catch (IOException unwritable) {
            stopStoring();
        }
    }

    /** The next bytes of the body. */
    public void write(ByteBuffer bytes) {
        written += bytes.remaining();
        digest.update(bytes.duplicate());
        try {
            while (file != null && bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException full) {
            stopStoring();
        }
    }

    /** The body is there; false if it is not what its digest says, and then it must reach nobody as a whole. */
    public boolean finish() {
        String expected = wanted.sha256();
        boolean good = expected == null || expected.equals(HexFormat.of().formatHex(digest.digest()));
        if (!over) {
            over = true;
            if (good && file != null && written == length) {
                store.commit(this, path, Blob.HEAD_BYTES + length);
            } else {
                stopStoring();
                store.discard(this, path, !good);
            }
        }
        return good;
    }

    /** The body will not come, or is not for the store. */
    public void abandon() {
        if (!over) {
            over = true;
            stopStoring();
            store.discard(this, path, false);
        }
    }

    /** Waits until the file is on the disk, and closes it. */
    void sync() throws IOException {
        if (file != null) {
            try (FileChannel closing = file) {
                closing.force(true);
            }
        }
    }

    private void stopStoring() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException alreadyLost) {
            // The file is going to be removed.
        }
        file = null;
    }
}
