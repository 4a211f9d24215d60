package dev.slipway.workspace.diff;

import dev.slipway.workspace.git.GitException;
import dev.slipway.workspace.git.GitProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A difference as JSON, made as it is read: git prints the list of files and then their patches, and each line becomes a piece of the
 * answer at once. Memory does not grow with the size of the change, but for the list of files, which has a limit.
 */
final class DiffStream extends InputStream {
    private static final byte[] BEGIN = "diff --git ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UNMERGED = "* Unmerged path ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BINARY = "Binary files ".getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK = 32 * 1024;

    private final GitProcess process;
    private final Bytes in;
    private final List<Change> changes;
    private final boolean hasMore;
    private final Frame frame;
    private final JsonText json = new JsonText();
    private byte[] chunk = new byte[0];
    private int position;
    private int file = -1;
    private byte[] line = new byte[0];
    private boolean atLineStart = true;
    private boolean isOpen;
    private boolean inHunk;
    private boolean isCut;
    private boolean isBinary;
    private int headsLeft;
    private long patchBytes;
    private long allBytes;
    private int additions;
    private int deletions;
    private int allAdditions;
    private int allDeletions;
    private boolean isDone;
    private boolean isMuted;
    private boolean isFound;

    /**
     * What stands around the files.
     *
     * @param field the name of the list
     * @param only the path of the one file that is wanted, as an object by itself; null for the list
     * @param hasStats whether sums over the files follow
     * @param nextCursor where to go on; null at the end of the list
     * @param filesTotal how many files there are, if these are not all; -1 if they are
     * @param patchMax how large a file's patch may be, in bytes
     * @param patchesMax how large all of them may be, in bytes
     */
    record Frame(
            String field,
            @Nullable String only,
            boolean hasStats,
            @Nullable String nextCursor,
            int filesTotal,
            long patchMax,
            long patchesMax) {}

    /** Reads the list of files; @throws GitException if git fails before it says anything */
    DiffStream(GitProcess process, Frame frame, int filesMax) throws IOException, InterruptedException {
        this.process = process;
        this.in = new Bytes(process.output());
        this.frame = frame;
        if (in.peek() < 0) {
            int exit = process.await();
            if (exit != 0) {
                throw new GitException("git diff failed (exit " + exit + "): " + process.error(), exit);
            }
        }
        List<Change> listed = Change.read(in, filesMax);
        this.hasMore = listed.size() > filesMax;
        this.changes = hasMore ? listed.subList(0, filesMax) : listed;
        if (in.peek() == 0) {
            in.field();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (position == chunk.length) {
            if (isDone) {
                return -1;
            }
            json.reset();
            while (!isDone && json.size() < CHUNK) {
                step();
            }
            chunk = json.bytes();
            position = 0;
        }
        int count = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, to, offset, count);
        position += count;
        return count;
    }

    @Override
    public void close() {
        process.close();
    }

    /** One more piece of the answer. */
    private void step() throws IOException {
        if (file < 0) {
            if (frame.only() == null) {
                json.raw("{\"" + frame.field() + "\":[");
            }
            nextFile();
            return;
        }
        if (!isOpen) {
            end();
            return;
        }
        boolean wasWhole = atLineStart;
        line = in.piece();
        if (line.length == 0) {
            mustHaveEndedWell();
            nextFile();
            return;
        }
        atLineStart = line[line.length - 1] == '\n';
        if (wasWhole && startsWith(UNMERGED)) {
            return;
        }
        if (wasWhole && startsWith(BEGIN)) {
            if (headsLeft == 0) {
                nextFile();
                if (!isOpen) {
                    return;
                }
            }
            headsLeft--;
            inHunk = false;
        }
        patchLine(wasWhole);
    }

    /** An answer that is cut off must not look like a whole one: then the connection ends without its end. */
    private void mustHaveEndedWell() throws IOException {
        try {
            int exit = process.await();
            if (exit != 0) {
                throw new IOException("git diff failed (exit " + exit + "): " + process.error());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void patchLine(boolean isWhole) {
        if (isWhole) {
            if (line[0] == '@') {
                inHunk = true;
            } else if (inHunk && line[0] == '+') {
                additions++;
            } else if (inHunk && line[0] == '-') {
                deletions++;
            } else if (!inHunk && startsWith(BINARY)) {
                isBinary = true;
            }
        }
        boolean fits = patchBytes + line.length <= frame.patchMax() && allBytes + line.length <= frame.patchesMax();
        if (isCut || !fits) {
            isCut = true;
            return;
        }
        if (!isMuted) {
            patchBytes += line.length;
            allBytes += line.length;
            json.text(line);
        }
    }

    private void nextFile() {
        if (isOpen) {
            closeFile();
        }
        file++;
        isOpen = file < changes.size();
        if (!isOpen) {
            return;
        }
        Change change = changes.get(file);
        headsLeft = change.isTwofold() ? 2 : 1;
        inHunk = false;
        isCut = false;
        isBinary = false;
        patchBytes = 0;
        additions = 0;
        deletions = 0;
        isMuted = frame.only() != null && !change.path().equals(frame.only());
        if (isMuted) {
            return;
        }
        isFound = true;
        json.raw(file == 0 || frame.only() != null ? "{\"path\":\"" : ",{\"path\":\"");
        json.text(change.path());
        json.raw("\",\"status\":\"" + change.word());
        String oldPath = change.oldPath();
        if (oldPath != null) {
            json.raw("\",\"oldPath\":\"");
            json.text(oldPath);
        }
        json.raw("\",\"patch\":\"");
    }

    private void closeFile() {
        if (isMuted) {
            return;
        }
        json.raw("\",\"additions\":" + additions + ",\"deletions\":" + deletions + ",\"binary\":" + isBinary);
        if (isCut) {
            json.raw(",\"note\":\"only the beginning of the patch; ask for this path alone, or with format=patch\"");
        }
        json.raw("}");
        allAdditions += additions;
        allDeletions += deletions;
    }

    private void end() {
        isDone = true;
        process.close();
        if (frame.only() != null) {
            if (!isFound) {
                json.raw("{\"path\":\"");
                json.text(frame.only());
                json.raw(
                        "\",\"status\":\"unchanged\",\"patch\":\"\",\"additions\":0,\"deletions\":0,\"binary\":false}");
            }
            return;
        }
        json.raw("]");
        if (frame.hasStats()) {
            int total = frame.filesTotal() < 0 ? changes.size() : frame.filesTotal();
            json.raw(",\"stats\":{\"filesChanged\":" + total + ",\"additions\":" + allAdditions + ",\"deletions\":"
                    + allDeletions + "}");
        }
        if (hasMore) {
            json.raw(",\"note\":\"only the first " + changes.size() + " files are listed; ask by pages, with limit\"");
        }
        json.raw(",\"nextCursor\":" + (frame.nextCursor() == null ? "null" : "\"" + frame.nextCursor() + "\"") + "}");
    }

    private boolean startsWith(byte[] beginning) {
        return line.length >= beginning.length
                && Arrays.equals(line, 0, beginning.length, beginning, 0, beginning.length);
    }
}
