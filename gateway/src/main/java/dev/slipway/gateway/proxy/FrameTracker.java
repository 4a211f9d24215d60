package dev.slipway.gateway.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Follows WebSocket frames (RFC 6455, section 5.2) in bytes that pass by untouched, so that it is known whether a frame of our
 * own may be put in here.
 */
final class FrameTracker {
    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 0x8;

    private final byte[] head = new byte[14];
    private int headBytes;
    private long payloadLeft;
    private boolean closed;

    void sees(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (payloadLeft > 0) {
                long skipped = Math.min(payloadLeft, end - at);
                payloadLeft -= skipped;
                at += (int) skipped;
            } else {
                head[headBytes++] = bytes.getByte(at++);
                if (headBytes >= 2 && headBytes == headLength()) {
                    closed |= (head[0] & OPCODE) == CLOSE;
                    payloadLeft = payloadLength();
                    headBytes = 0;
                }
            }
        }
    }

    /** Whether all that began has ended. */
    boolean isBetweenFrames() {
        return headBytes == 0 && payloadLeft == 0;
    }

    /** Whether a close frame passed; after it nothing may. */
    boolean isClosed() {
        return closed;
    }

    private int headLength() {
        int length = head[1] & 0x7f;
        return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + ((head[1] & 0x80) == 0 ? 0 : 4);
    }

    private long payloadLength() {
        int length = head[1] & 0x7f;
        if (length < 126) {
            return length;
        }
        long value = 0;
        for (int i = 2; i < (length == 126 ? 4 : 10); i++) {
            value = value << 8 | (head[i] & 0xff);
        }
        // The highest bit must be zero; what breaks that is for the two ends to refuse.
        return Math.max(0, value);
    }
}
