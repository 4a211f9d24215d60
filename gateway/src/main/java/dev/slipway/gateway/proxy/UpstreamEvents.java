package dev.slipway.gateway.proxy;

import dev.slipway.gateway.wire.SignedIdentity;
import dev.slipway.kit.identity.IdentityTokens;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A service's stream of server-sent events, read as fast as its listener takes them. Lives on the loop of the client it is for. */
public final class UpstreamEvents implements UpstreamListener {
    private static final int LINE_BYTES_MAX = 4 << 20;

    private final Listener listener;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable Channel upstream;
    private String id = "";
    private @Nullable StringBuilder data;
    private int status;
    private boolean over;

    /** Who is told. */
    public interface Listener {
        /** An event. */
        void event(String id, String data);

        /** Whether more is wanted now; once it is again, {@link UpstreamEvents#more} is to be called. */
        boolean takesMore();

        /**
         * The stream is over.
         *
         * @param status what the service answered; 0 if it did not, or broke off in the middle
         */
        void over(int status);
    }

    private UpstreamEvents(Listener listener) {
        this.listener = listener;
    }

    /** Asks for a stream, from after the event with this id. */
    public static UpstreamEvents open(
            UpstreamPool pool,
            Channel client,
            URI address,
            String uri,
            SignedIdentity identity,
            @Nullable String lastEventId,
            Listener listener) {
        UpstreamEvents events = new UpstreamEvents(listener);
        HttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri);
        request.headers()
                .set(HttpHeaderNames.HOST, address.getAuthority())
                .set(HttpHeaderNames.ACCEPT, "text/event-stream")
                .set(IdentityTokens.HEADER, identity.reveal());
        if (lastEventId != null) {
            request.headers().set("Last-Event-ID", lastEventId);
        }
        pool.open(client, address).addListener((Future<Channel> opened) -> {
            if (!opened.isSuccess()) {
                events.finish(0);
            } else if (events.over) {
                opened.getNow().close();
            } else {
                events.begin(opened.getNow(), request);
            }
        });
        return events;
    }

    private void begin(Channel channel, HttpRequest request) {
        upstream = channel;
        UpstreamPool.handler(channel).serve(this);
        channel.writeAndFlush(request);
        channel.read();
    }

    /** The listener takes more again. */
    public void more() {
        if (upstream != null) {
            upstream.read();
        }
    }

    /** Ends it; the listener hears no more. */
    public void close() {
        over = true;
        closeUpstream();
    }

    private void closeUpstream() {
        Channel open = upstream;
        upstream = null;
        if (open != null) {
            UpstreamPool.handler(open).serve(null);
            open.close();
        }
    }

    private void finish(int answered) {
        if (!over) {
            over = true;
            closeUpstream();
            listener.over(answered);
        }
    }

    @Override
    public void upstreamReceived(Object part) {
        try {
            if (part instanceof HttpResponse response) {
                status = response.status().code();
            }
            if (part instanceof HttpContent content && !over) {
                if (status == 200) {
                    take(content.content());
                }
                if (part instanceof LastHttpContent && status >= 200) {
                    boolean whole = content.decoderResult().isSuccess();
                    finish(whole ? status : 0);
                }
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void take(ByteBuf bytes) {
        while (bytes.isReadable() && !over) {
            int end = bytes.indexOf(bytes.readerIndex(), bytes.writerIndex(), (byte) '\n');
            int length = (end < 0 ? bytes.writerIndex() : end) - bytes.readerIndex();
            if (line.size() + length > LINE_BYTES_MAX) {
                finish(0);
                return;
            }
            byte[] piece = new byte[length];
            bytes.readBytes(piece);
            line.writeBytes(piece);
            if (end >= 0) {
                bytes.skipBytes(1);
                String text = line.toString(StandardCharsets.UTF_8);
                line.reset();
                takeLine(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
            }
        }
    }

    private void takeLine(String text) {
        if (text.isEmpty()) {
            StringBuilder whole = data;
            data = null;
            if (whole != null) {
                listener.event(id, whole.toString());
            }
        } else if (text.startsWith("id:")) {
            id = text.substring(3).strip();
        } else if (text.startsWith("data:")) {
            String value = text.startsWith("data: ") ? text.substring(6) : text.substring(5);
            data = data == null ? new StringBuilder(value) : data.append('\n').append(value);
        }
    }

    @Override
    public void upstreamReadComplete() {
        if (upstream != null && listener.takesMore()) {
            upstream.read();
        }
    }

    @Override
    public void upstreamWritabilityChanged() {}

    @Override
    public void upstreamGone() {
        upstream = null;
        finish(0);
    }
}
