package dev.slipway.mitm.wire;

import dev.slipway.mitm.cache.Blob;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A stored body as an answer, whole or a part (RFC 9110, section 14), no faster than the client takes it. */
final class BlobAnswer implements AutoCloseable {
    private static final int PIECE_BYTES = 64 * 1024;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    private final ChannelHandlerContext client;
    private final Blob blob;
    private final boolean bodiless;
    private final Consumer<ChannelFuture> done;
    private final HttpResponseStatus status;
    private long at;
    private long end;
    private boolean over;

    /** Answers {@code request}; {@code done} gets the last write. */
    BlobAnswer(ChannelHandlerContext client, Blob blob, HttpRequest request, Consumer<ChannelFuture> done) {
        this.client = client;
        this.blob = blob;
        this.bodiless = request.method().equals(HttpMethod.HEAD);
        this.done = done;
        this.end = blob.length();
        this.status = choose(request.headers().get(HttpHeaderNames.RANGE));
    }

    private HttpResponseStatus choose(@Nullable String wanted) {
        Matcher range = RANGE.matcher(wanted == null ? "" : wanted);
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return HttpResponseStatus.OK;
        }
        long length = blob.length();
        if (range.group(1).isEmpty()) {
            at = Math.max(0, length - Long.parseLong(range.group(2)));
        } else {
            at = Long.parseLong(range.group(1));
            end = range.group(2).isEmpty() ? length : Math.min(length, Long.parseLong(range.group(2)) + 1);
        }
        if (at >= end) {
            at = 0;
            end = 0;
            return HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE;
        }
        return HttpResponseStatus.PARTIAL_CONTENT;
    }

    int status() {
        return status.code();
    }

    long length() {
        return bodiless ? 0 : end - at;
    }

    void start(@Nullable String sha256, boolean keepAlive, boolean isStream) {
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        HttpHeaders headers = head.headers();
        headers.set(HttpHeaderNames.CONTENT_LENGTH, end - at)
                .set(HttpHeaderNames.ACCEPT_RANGES, HttpHeaderValues.BYTES)
                .set("X-Slipway-Cache", "hit");
        if (!blob.mediaType().isEmpty()) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, blob.mediaType());
        }
        if (sha256 != null) {
            headers.set("Docker-Content-Digest", "sha256:" + sha256)
                    .set(HttpHeaderNames.ETAG, "\"sha256:" + sha256 + "\"");
        }
        if (status.code() == 206) {
            headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes " + at + "-" + (end - 1) + "/" + blob.length());
        } else if (status.code() == 416) {
            headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + blob.length());
        }
        if (!keepAlive && !isStream) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        client.write(head);
        if (bodiless) {
            at = end;
        }
        pump();
    }

    /** Sends on for as long as the client takes it. */
    void pump() {
        if (over) {
            return;
        }
        try {
            while (at < end && client.channel().isWritable()) {
                ByteBuf piece = client.alloc().directBuffer(PIECE_BYTES);
                try {
                    int wanted = (int) Math.min(PIECE_BYTES, end - at);
                    int read = blob.read(piece.nioBuffer(0, wanted), at);
                    piece.writerIndex(read);
                    at += read;
                    client.write(new DefaultHttpContent(piece.retain()));
                } finally {
                    piece.release();
                }
            }
        } catch (IOException lost) {
            close();
            client.close();
            return;
        }
        if (at == end) {
            close();
            done.accept(client.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
        } else {
            client.flush();
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            blob.close();
        } catch (IOException alreadyClosed) {
            // It was open for reading only.
        }
    }
}
