package dev.slipway.gateway.ui;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Answers with files of the user interface. */
@Singleton
public class UserInterface {
    private final UiFiles files;

    UserInterface(UiFiles files) {
        this.files = files;
    }

    /** The answer to a GET or HEAD, complete but for sending it; empty if there is no such file. Blocks. */
    public Optional<FullHttpResponse> answer(HttpRequest request, String path) {
        try {
            return files.find(path, request.headers().get(HttpHeaderNames.ACCEPT_ENCODING, ""))
                    .map(file -> respond(request, file));
        } catch (IOException e) {
            throw new UncheckedIOException("user interface: cannot read " + path, e);
        }
    }

    private static FullHttpResponse respond(HttpRequest request, UiFile file) {
        boolean known = file.etag().equals(request.headers().get(HttpHeaderNames.IF_NONE_MATCH));
        boolean bare = known || request.method().name().equals("HEAD");
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                known ? HttpResponseStatus.NOT_MODIFIED : HttpResponseStatus.OK,
                bare ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(file.bytes()));
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, file.contentType());
        headers.set(HttpHeaderNames.ETAG, file.etag());
        headers.set(HttpHeaderNames.VARY, "Accept-Encoding");
        headers.set(
                HttpHeaderNames.CACHE_CONTROL, file.immutable() ? "public, max-age=31536000, immutable" : "no-cache");
        if (file.encoding() != null) {
            headers.set(HttpHeaderNames.CONTENT_ENCODING, file.encoding());
        }
        if (!known) {
            headers.setInt(HttpHeaderNames.CONTENT_LENGTH, file.bytes().length);
        }
        return response;
    }
}
