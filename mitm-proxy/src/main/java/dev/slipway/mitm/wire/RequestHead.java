package dev.slipway.mitm.wire;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;

/**
 * The strict reading of a request's head, before the codec's lenient one: whatever two implementations of HTTP/1.1 could read
 * differently (RFC 9112, sections 2.2, 5 and 6) is refused here, so that no request can be smuggled past the proxy inside another.
 */
final class RequestHead {
    static final int BYTES_MAX = 64 * 1024;
    /** A body passes in pieces as TLS gives them, up to 16 KB each: cut smaller, they would be copied together again on the other side. */
    static final int PIECE_BYTES_MAX = 64 * 1024;

    private static final int FIELDS_MAX = 256;
    private static final int LENGTH_DIGITS_MAX = 18;
    private static final AsciiString HOST = AsciiString.cached("host");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
    private static final AsciiString CHUNKED = AsciiString.cached("chunked");

    private static final boolean[] TOKEN = tokenCharacters();

    private final ByteBuf in;
    private int at;
    private int hosts;
    private int lengths;
    private int encodings;
    private int fields;
    private boolean http10;

    private RequestHead(ByteBuf in) {
        this.in = in;
        this.at = in.readerIndex();
    }

    /**
     * Whether the head is there as a whole and may be given to the codec; false if more bytes are needed.
     *
     * @throws Refusal if it is malformed or too large
     */
    static boolean complete(ByteBuf in) {
        skipEmptyLines(in);
        int end = endOf(in);
        if (end < 0) {
            if (in.readableBytes() > BYTES_MAX) {
                throw Refusal.headersTooLarge();
            }
            return false;
        }
        if (end - in.readerIndex() > BYTES_MAX) {
            throw Refusal.headersTooLarge();
        }
        new RequestHead(in).check();
        return true;
    }

    /** A client may send empty lines before a request (RFC 9112, section 2.2). */
    private static void skipEmptyLines(ByteBuf in) {
        while (in.readableBytes() >= 2
                && in.getByte(in.readerIndex()) == '\r'
                && in.getByte(in.readerIndex() + 1) == '\n') {
            in.skipBytes(2);
        }
    }

    private static int endOf(ByteBuf in) {
        int from = in.readerIndex();
        while (true) {
            int newline = in.indexOf(from, in.writerIndex(), (byte) '\n');
            if (newline < 0) {
                return -1;
            }
            if (newline == in.readerIndex() || in.getByte(newline - 1) != '\r') {
                throw Refusal.badRequest("a line does not end with CR LF");
            }
            if (newline - from == 1) {
                return newline + 1;
            }
            from = newline + 1;
        }
    }

    private void check() {
        requestLine();
        while (in.getByte(at) != '\r') {
            if (++fields > FIELDS_MAX) {
                throw Refusal.headersTooLarge();
            }
            field();
        }
        if (hosts > 1 || (hosts == 0 && !http10)) {
            throw Refusal.badRequest("the request has " + hosts + " Host headers (expected: one)");
        }
        if (lengths > 1 || encodings > 1 || lengths + encodings > 1) {
            throw Refusal.badRequest("the request says twice how long its body is");
        }
        if (encodings > 0 && http10) {
            throw Refusal.badRequest("a transfer encoding in HTTP/1.0");
        }
    }

    private void requestLine() {
        int start = at;
        while (isToken(in.getByte(at))) {
            at++;
        }
        expect(at > start && in.getByte(at++) == ' ', "the request line has no method");
        start = at;
        while (in.getByte(at) > ' ' && in.getByte(at) < 0x7f) {
            at++;
        }
        expect(at > start && in.getByte(at++) == ' ', "the request target has characters that must be percent-encoded");
        expect(matches("HTTP/1.0") || matches("HTTP/1.1"), "the request line does not end with HTTP/1.1");
        http10 = in.getByte(at + 7) == '0';
        at += 8;
        endOfLine();
    }

    private void field() {
        int start = at;
        while (isToken(in.getByte(at))) {
            at++;
        }
        int nameEnd = at;
        expect(nameEnd > start && in.getByte(at++) == ':', "a header line does not begin with a name and a colon");
        int valueStart = at;
        while (isValue(in.getByte(at))) {
            at++;
        }
        int valueEnd = at;
        endOfLine();
        classify(start, nameEnd, valueStart, valueEnd);
    }

    private void classify(int start, int nameEnd, int valueStart, int valueEnd) {
        if (is(HOST, start, nameEnd)) {
            hosts++;
        } else if (is(CONTENT_LENGTH, start, nameEnd)) {
            lengths++;
            checkLength(trimStart(valueStart, valueEnd), trimEnd(valueStart, valueEnd));
        } else if (is(TRANSFER_ENCODING, start, nameEnd)) {
            encodings++;
            expect(
                    is(CHUNKED, trimStart(valueStart, valueEnd), trimEnd(valueStart, valueEnd)),
                    "a transfer encoding other than chunked");
        }
    }

    private void checkLength(int start, int end) {
        expect(end > start && end - start <= LENGTH_DIGITS_MAX, "the content length is no number");
        for (int i = start; i < end; i++) {
            expect(in.getByte(i) >= '0' && in.getByte(i) <= '9', "the content length is no number");
        }
    }

    private int trimStart(int start, int end) {
        int i = start;
        while (i < end && (in.getByte(i) == ' ' || in.getByte(i) == '\t')) {
            i++;
        }
        return i;
    }

    private int trimEnd(int start, int end) {
        int i = end;
        while (i > start && (in.getByte(i - 1) == ' ' || in.getByte(i - 1) == '\t')) {
            i--;
        }
        return i;
    }

    private boolean is(AsciiString name, int start, int end) {
        if (end - start != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            byte b = in.getByte(start + i);
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != name.byteAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean matches(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= in.writerIndex() || in.getByte(at + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void endOfLine() {
        expect(in.getByte(at) == '\r' && in.getByte(at + 1) == '\n', "a line has a character that no header has");
        at += 2;
    }

    private static boolean isToken(byte b) {
        return b >= 0 && TOKEN[b];
    }

    private static boolean[] tokenCharacters() {
        boolean[] token = new boolean[128];
        for (char c = 0; c < token.length; c++) {
            token[c] = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }
        return token;
    }

    private static boolean isValue(byte b) {
        return (b >= ' ' && b != 0x7f) || b < 0 || b == '\t';
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw Refusal.badRequest(otherwise);
        }
    }
}
