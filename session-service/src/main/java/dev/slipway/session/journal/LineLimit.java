package dev.slipway.session.journal;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Text whose lines are not longer than a limit: what comes from a sandbox may be anything, and never end. */
final class LineLimit extends FilterReader {
    private final int charactersMax;
    private long sinceLineEnd;

    LineLimit(Reader text, int charactersMax) {
        super(text);
        this.charactersMax = charactersMax;
    }

    /** A line is longer than it may be. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException(int charactersMax) {
            super("a line of more than " + charactersMax + " characters");
        }
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
        int count = super.read(into, offset, length);
        for (int i = offset; i < offset + count; i++) {
            sinceLineEnd = into[i] == '\n' ? 0 : sinceLineEnd + 1;
            if (sinceLineEnd > charactersMax) {
                throw new TooLongException(charactersMax);
            }
        }
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
