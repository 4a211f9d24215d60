package dev.slipway.mitm.wire;

import dev.slipway.mitm.cache.Blob;
import dev.slipway.mitm.cache.BlobStore;
import dev.slipway.mitm.cache.CacheTerms;
import dev.slipway.mitm.cache.Cacheable;
import dev.slipway.mitm.cache.Fill;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request for a body that never changes: looks for it in the store, or takes a copy as it passes. While it does, the latest piece is held
 * back until the next one comes, so that a body which turns out to be another one never reaches the client as a whole.
 */
final class CacheUse {
    private static final Pattern CREDENTIAL =
            Pattern.compile("auth|cookie|token|key|secret|passw|session|signature", Pattern.CASE_INSENSITIVE);

    private final BlobStore store;
    private final Cacheable wanted;
    private final boolean range;
    private @Nullable Fill fill;
    private @Nullable HttpContent held;

    private CacheUse(BlobStore store, Cacheable wanted, boolean range) {
        this.store = store;
        this.wanted = wanted;
        this.range = range;
    }

    /** What the request has to do with the store; null for nothing. To be asked when all headers are on the request. */
    static @Nullable CacheUse of(
            @Nullable BlobStore store,
            CacheTerms terms,
            Door door,
            Destination destination,
            HttpRequest request,
            List<String> credentials) {
        HttpMethod method = request.method();
        if (store == null || !terms.enabled() || !(method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))) {
            return null;
        }
        HttpHeaders headers = request.headers();
        store.limit(terms.bytesMax());
        boolean signed = !credentials.isEmpty()
                || mayProveSomething(headers)
                || destination.uri().indexOf('?') >= 0;
        String partition = signed
                ? door.projectId() + " "
                        + String.join(",", credentials.stream().sorted().toList())
                : "";
        return Cacheable.of(
                        terms,
                        destination.origin().host().text(),
                        destination.origin().toString(),
                        destination.uri(),
                        partition)
                .map(wanted -> new CacheUse(store, wanted, headers.contains(HttpHeaderNames.RANGE)))
                .orElse(null);
    }

    /** Whether the asker shows what others may not have: by a usual header, or by one whose name speaks of it. */
    private static boolean mayProveSomething(HttpHeaders headers) {
        for (String name : headers.names()) {
            if (CREDENTIAL.matcher(name).find()) {
                return true;
            }
        }
        return false;
    }

    Optional<Blob> find() {
        return store.find(wanted);
    }

    @Nullable
    String digest() {
        return wanted.sha256();
    }

    /** Whether this request goes to the server now; else {@code whenOver} runs once somebody else has fetched the body. */
    boolean lead(HttpMethod method, Runnable whenOver) {
        if (range || method.equals(HttpMethod.HEAD)) {
            return true;
        }
        fill = store.lead(wanted, whenOver);
        return fill != null;
    }

    void answered(HttpResponse response) {
        Fill mine = fill;
        if (mine == null) {
            return;
        }
        HttpHeaders headers = response.headers();
        if (response.status().code() != 200 || headers.contains(HttpHeaderNames.CONTENT_ENCODING)) {
            // No body, or not the one that the digest is of.
            giveUp();
            return;
        }
        String control = headers.get(HttpHeaderNames.CACHE_CONTROL, "").toLowerCase(Locale.ROOT);
        boolean storable = HttpUtil.isContentLengthSet(response)
                && !headers.contains(HttpHeaderNames.SET_COOKIE)
                && !control.contains("no-store")
                && !control.contains("private");
        if (storable) {
            mine.begin(HttpUtil.getContentLength(response), headers.get(HttpHeaderNames.CONTENT_TYPE, ""));
        }
    }

    /** Takes a piece; gives the one that may be sent now, if there is one. */
    @Nullable
    HttpContent pass(HttpContent piece) {
        if (fill == null) {
            return piece;
        }
        copy(piece);
        HttpContent ready = held;
        held = piece;
        return ready;
    }

    /** Takes the last piece; false if the body is not what it should be, and then nothing more may be sent. */
    boolean complete(HttpContent last) {
        if (fill == null) {
            return true;
        }
        copy(last);
        return fill.finish();
    }

    /** The piece that was held back. */
    @Nullable
    HttpContent release() {
        HttpContent piece = held;
        held = null;
        return piece;
    }

    /** The body will not come whole. */
    void giveUp() {
        if (fill != null) {
            fill.abandon();
            fill = null;
        }
        if (held != null) {
            held.release();
            held = null;
        }
    }

    private void copy(HttpContent piece) {
        if (fill != null && piece.content().isReadable()) {
            for (var bytes : piece.content().nioBuffers()) {
                fill.write(bytes);
            }
        }
    }
}
