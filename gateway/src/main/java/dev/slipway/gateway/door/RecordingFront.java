package dev.slipway.gateway.door;

import dev.slipway.gateway.wire.Front;
import dev.slipway.gateway.wire.Peer;
import dev.slipway.kit.problem.ProblemException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;

/** Passes an answer on and keeps a copy of it, if it is small. */
final class RecordingFront implements Front {
    private static final int BYTES_MAX = 256 * 1024;

    private final Front front;
    private final Recorded recorded;
    private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
    private int status;
    private String contentType = "";
    private boolean tooLarge;

    RecordingFront(Front front, Recorded recorded) {
        this.front = front;
        this.recorded = recorded;
    }

    /** Is told of the answer once it is complete, or that there is none to keep. */
    interface Recorded {
        void answered(int status, String contentType, byte[] body);

        void nothing();
    }

    @Override
    public void write(Object part) {
        if (part instanceof HttpResponse response && response.status().code() >= 200) {
            status = response.status().code();
            contentType = response.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        }
        if (part instanceof HttpContent content) {
            record(content.content());
        }
        front.write(part);
    }

    private void record(ByteBuf bytes) {
        if (tooLarge || copy.size() + bytes.readableBytes() > BYTES_MAX) {
            tooLarge = true;
            return;
        }
        byte[] read = new byte[bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), read);
        copy.writeBytes(read);
    }

    @Override
    public void finished() {
        // What may be different at the next try is not the answer.
        boolean lasting = status < 500 && status != 401 && status != 403 && status != 429;
        if (lasting && !tooLarge) {
            recorded.answered(status, contentType, copy.toByteArray());
        } else {
            recorded.nothing();
        }
        front.finished();
    }

    @Override
    public void refuse(ProblemException problem) {
        recorded.nothing();
        front.refuse(problem);
    }

    @Override
    public void abort() {
        front.abort();
    }

    @Override
    public void close() {
        front.close();
    }

    @Override
    public Channel channel() {
        return front.channel();
    }

    @Override
    public Peer peer() {
        return front.peer();
    }

    @Override
    public EventLoop loop() {
        return front.loop();
    }

    @Override
    public ByteBufAllocator allocator() {
        return front.allocator();
    }

    @Override
    public void flush() {
        front.flush();
    }

    @Override
    public void read() {
        front.read();
    }

    @Override
    public boolean isWritable() {
        return front.isWritable();
    }

    @Override
    public void upgraded() {
        front.upgraded();
    }

    @Override
    public void upgradedToFrames(int bytesMax) {
        front.upgradedToFrames(bytesMax);
    }
}
