package dev.slipway.mitm.wire;

import dev.slipway.contracts.mitm.Usage;
import dev.slipway.mitm.cache.Blob;
import dev.slipway.mitm.inject.Placeholder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, from the policy's decision to the last byte. Pieces of bodies pass as they come; whichever side is slower
 * slows the other one down. Used by the event loop of both legs only.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Exchange {
    private static final int ATTEMPTS_MAX = 4;
    private static final Set<HttpMethod> IDEMPOTENT = Set.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE, HttpMethod.PUT, HttpMethod.DELETE);

    private final HttpFront front;
    private final ChannelHandlerContext client;
    private final Door door;
    private final ProxyServices services;
    private final Destination destination;
    private final Entry entry;
    private final HttpRequest request;
    private final boolean clientSpeaks10;
    private final boolean upgrading;
    private final Deque<HttpContent> pending = new ArrayDeque<>();

    private @Nullable Way way;
    private @Nullable UpstreamLeg upstream;
    private @Nullable ModelCall call;
    private @Nullable CacheUse cache;
    private @Nullable BlobAnswer stored;
    private @Nullable ChannelFuture sent;
    private boolean bodySent;
    private boolean unflushed;
    private boolean requestDone;
    private int attempts;
    private boolean sentWhole;
    /** An answer that is nothing but a head: on streams of HTTP/2 its end must come with it, which is how gRPC tells failures. */
    private @Nullable HttpResponse whole;

    private @Nullable ChannelFuture lastSent;
    private boolean informational;
    private boolean answering;
    private boolean upstreamKeepsAlive;
    private boolean endsWithConnection;
    private boolean keepAlive;
    private boolean over;
    private @Nullable Integer status;
    private final MemoryLimit.Share held;
    private long lastProgress = System.nanoTime();

    Exchange(
            HttpFront front,
            ChannelHandlerContext client,
            Door door,
            ProxyServices services,
            Destination destination,
            Entry entry,
            HttpRequest received,
            boolean keepAlive) {
        this.front = front;
        this.client = client;
        this.door = door;
        this.services = services;
        this.held = services.memory().shareOf(door);
        this.destination = destination;
        this.entry = entry;
        this.keepAlive = keepAlive;
        this.clientSpeaks10 = received.protocolVersion().equals(HttpVersion.HTTP_1_0);
        this.upgrading = !front.isStream() && !clientSpeaks10 && Headers.wantsWebSocket(received);
        this.request =
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, received.method(), destination.uri(), received.headers());
    }

    /**
     * Decides, signs and sends.
     *
     * @throws Refusal if the request may not leave
     */
    void begin() {
        new Departure(door, services, destination, entry, request)
                .prepare(upgrading, client.executor(), this::leave, this::fail);
        if (way == null) {
            // The rules are being asked for.
            waits();
        }
    }

    private void leave(Way chosen) {
        if (over) {
            return;
        }
        way = chosen;
        held.set(reserve());
        try {
            call = destination.isWorkspace()
                    ? null
                    : ModelCall.begin(destination.origin().host(), door, services.prices());
            cache = destination.isWorkspace()
                    ? null
                    : CacheUse.of(
                            services.blobs(),
                            services.operator().cache(),
                            door,
                            destination,
                            request,
                            entry.credentials());
            fromStoreOrServer();
        } catch (Refusal refusal) {
            fail(refusal);
        }
    }

    private void fromStoreOrServer() {
        CacheUse use = cache;
        Blob blob = use == null ? null : use.find().orElse(null);
        if (use != null && blob != null) {
            answerFromStore(use, blob);
        } else if (use == null || use.lead(request.method(), this::fetchedByAnother)) {
            connect();
        } else {
            waits();
        }
    }

    private void fetchedByAnother() {
        client.executor().execute(() -> {
            if (!over) {
                fromStoreOrServer();
            }
        });
    }

    private void answerFromStore(CacheUse use, Blob blob) {
        BlobAnswer answer = new BlobAnswer(client, blob, request, this::sentFromStore);
        stored = answer;
        answering = true;
        status = answer.status();
        entry.fromStore();
        entry.down(answer.length());
        answer.start(use.digest(), keepAlive, front.isStream());
        front.resumeReading();
    }

    private void sentFromStore(ChannelFuture lastWrite) {
        over = true;
        held.set(0);
        entry.allowed(status, null);
        if (keepAlive && !requestDone && !hasBody()) {
            // Answered before the end of the request was taken, which follows at once.
            sent = lastWrite;
        } else {
            front.ended(keepAlive && requestDone, lastWrite);
        }
    }

    private void connect() {
        Way chosen = chosenWay();
        EventLoop loop = client.channel().eventLoop();
        UpstreamLeg idle = attempts++ > 0
                ? null
                : services.pool().takeIdle(loop, chosen, hasBody() || !isIdempotent(), front.isStream());
        if (idle != null) {
            attach(idle);
            return;
        }
        waits();
        services.pool().open(loop, chosen, front.isStream()).addListener((Future<UpstreamLeg> opened) -> {
            if (over) {
                if (opened.isSuccess()) {
                    opened.getNow().close();
                }
            } else if (opened.isSuccess()) {
                attach(opened.getNow());
            } else {
                fail(Failures.refusal(destination.origin(), opened.cause()));
            }
        });
    }

    private Way chosenWay() {
        if (way == null) {
            throw new IllegalStateException("exchange: no way chosen (expected: after the decision)");
        }
        return way;
    }

    private boolean hasBody() {
        return HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
    }

    private void attach(UpstreamLeg leg) {
        upstream = leg;
        leg.serve(this);
        sentWhole = leg.isStream() && !hasBody();
        leg.channel().write(head(leg)).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        if (attempts > 1 && requestDone && pending.isEmpty()) {
            write(leg, LastHttpContent.EMPTY_LAST_CONTENT);
        }
        for (HttpContent piece = pending.poll(); piece != null; piece = pending.poll()) {
            write(leg, piece);
        }
        unflushed = true;
        if (!front.isReading()) {
            flush(leg);
        }
        upstreamWritability(leg.channel().isWritable());
    }

    /** A stream takes a request without a body as one message, so that it ends with its head. */
    private HttpRequest head(UpstreamLeg leg) {
        if (!leg.isStream()) {
            return request;
        }
        // HTTP/2 has no such header, and what it names would be dropped with it: "te" among others.
        request.headers().remove(HttpHeaderNames.CONNECTION);
        return sentWhole
                ? new DefaultFullHttpRequest(
                        request.protocolVersion(),
                        request.method(),
                        request.uri(),
                        Unpooled.EMPTY_BUFFER,
                        request.headers(),
                        EmptyHttpHeaders.INSTANCE)
                : request;
    }

    private void write(UpstreamLeg leg, HttpContent piece) {
        bodySent |= piece.content().isReadable();
        if (sentWhole) {
            piece.release();
        } else if (piece instanceof LastHttpContent) {
            lastSent = leg.channel().write(piece);
        } else {
            leg.channel().write(piece);
        }
    }

    /** Takes a piece of the request's body. */
    void requestContent(HttpContent piece) {
        lastProgress = System.nanoTime();
        unflushed = true;
        if (piece.decoderResult().isFailure()) {
            piece.release();
            fail(Refusal.badRequest("the request's body is not framed as its headers say"));
            return;
        }
        if (over) {
            piece.release();
            if (sent != null && piece instanceof LastHttpContent) {
                front.ended(keepAlive, sent);
            }
            return;
        }
        entry.up(piece.content().readableBytes());
        if (piece instanceof LastHttpContent last) {
            requestDone = true;
            if (!last.trailingHeaders().isEmpty()) {
                last.trailingHeaders().remove(WorkspaceGate.IDENTITY_HEADER);
                Placeholder.remove(last.trailingHeaders());
            }
        }
        if (stored != null) {
            piece.release();
            return;
        }
        if (upstream == null) {
            pending.add(piece);
            return;
        }
        write(upstream, piece);
        if (!takesMore(upstream.channel())) {
            front.stopReading();
            count();
        }
    }

    /** Whether a side takes more, after what has gathered for it was sent: it is the other one that stops, not our own habit of gathering. */
    static boolean takesMore(Channel side) {
        if (!side.isWritable()) {
            side.flush();
        }
        return side.isWritable();
    }

    /** An empty flush is a call into TLS, so there is none. */
    private void flush(UpstreamLeg leg) {
        if (unflushed) {
            unflushed = false;
            leg.channel().flush();
        }
    }

    void requestReadComplete() {
        if (upstream != null) {
            flush(upstream);
        }
    }

    /** All that had come together with an earlier request was taken: the end of a read, which came while nobody took it. */
    void drained() {
        if (upstream != null) {
            flush(upstream);
            upstreamWritability(upstream.channel().isWritable());
        }
    }

    boolean requestDone() {
        return requestDone;
    }

    void clientWritability(boolean writable) {
        if (stored != null && writable) {
            lastProgress = System.nanoTime();
            stored.pump();
        }
        if (upstream != null) {
            upstream.channel().config().setAutoRead(writable);
        }
        count();
    }

    /** Tells what lies here since one side does not take it; a stream's window may be full besides, on the side that is not read. */
    private void count() {
        if (over) {
            return;
        }
        long down = MemoryLimit.waitingIn(client.channel());
        long up = upstream == null ? 0 : MemoryLimit.waitingIn(upstream.channel());
        long window = StreamConnection.STREAM_WINDOW_BYTES;
        long unread = (down > 0 && upstream != null && upstream.isStream() ? window : 0)
                + (up > 0 && front.isStream() ? window : 0);
        held.set(Math.max(reserve(), down + up + unread));
    }

    /** Reads no more until there is somebody to take it; a stream's window may fill up meanwhile. */
    private void waits() {
        front.stopReading();
        boolean fills = front.isStream() && !requestDone && hasBody();
        held.set(reserve() + (fills ? StreamConnection.STREAM_WINDOW_BYTES : 0));
    }

    private long reserve() {
        return front.isStream() ? MemoryLimit.STREAM_BYTES : MemoryLimit.REQUEST_BYTES;
    }

    void upstreamWritability(boolean writable) {
        if (writable) {
            front.resumeReading();
        } else {
            front.stopReading();
        }
        if (held.bytes() > reserve() || !writable) {
            count();
        }
    }

    void upstreamRead(Object message) {
        lastProgress = System.nanoTime();
        if (message instanceof HttpResponse response) {
            head(response);
        }
        if (message instanceof HttpContent piece) {
            if (informational || over) {
                informational &= !(piece instanceof LastHttpContent);
                piece.release();
            } else if (message instanceof HttpResponse) {
                // A stream that ended with its head: the head has been passed on, and there is nothing more.
                piece.release();
                body(LastHttpContent.EMPTY_LAST_CONTENT);
            } else {
                body(piece);
            }
        } else if (!(message instanceof HttpResponse)) {
            ReferenceCountUtil.release(message);
        }
    }

    private void head(HttpResponse response) {
        if (response.decoderResult().isFailure()) {
            broken("its answer is no HTTP");
        } else if (response.status().code() == 101) {
            if (upgrading && upstream != null && !upstream.isStream()) {
                upgrade(response);
            } else {
                broken("it changed the protocol unasked");
            }
        } else if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            informational = true;
            if (!clientSpeaks10) {
                client.writeAndFlush(AnswerHead.early(response));
            }
        } else {
            finalHead(response);
        }
    }

    private void finalHead(HttpResponse response) {
        answering = true;
        status = response.status().code();
        upstreamKeepsAlive = HttpUtil.isKeepAlive(response);
        if (call != null) {
            call.answered(response);
        }
        if (cache != null) {
            cache.answered(response);
        }
        AnswerHead answer = AnswerHead.of(
                response, new AnswerHead.Asker(request.method(), clientSpeaks10, front.isStream(), keepAlive));
        endsWithConnection = answer.endsWithConnection();
        keepAlive = answer.keepAlive();
        if (response instanceof FullHttpResponse && front.isStream()) {
            whole = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    response.status(),
                    Unpooled.EMPTY_BUFFER,
                    answer.head().headers(),
                    EmptyHttpHeaders.INSTANCE);
        } else {
            client.write(answer.head());
        }
    }

    private void body(HttpContent piece) {
        if (piece.decoderResult().isFailure()) {
            piece.release();
            broken("the body of its answer is not framed as its headers say");
            return;
        }
        ByteBuf bytes = piece.content();
        entry.down(bytes.readableBytes());
        if (call != null) {
            call.look(bytes);
        }
        if (!(piece instanceof LastHttpContent)) {
            HttpContent ready = cache == null ? piece : cache.pass(piece);
            if (ready != null) {
                client.write(ready);
            }
            if (!takesMore(client.channel()) && upstream != null) {
                upstream.channel().config().setAutoRead(false);
                count();
            }
        } else if (endsWithConnection && upstream != null && !upstream.closedCleanly()) {
            piece.release();
            truncated();
        } else if (cache != null && !cache.complete(piece)) {
            piece.release();
            truncated();
        } else {
            HttpContent held = cache == null ? null : cache.release();
            if (held != null) {
                client.write(held);
            }
            finish(client.writeAndFlush(whole == null ? piece : whole));
        }
    }

    void upstreamReadComplete() {
        client.flush();
        if (!client.channel().isWritable()) {
            // With what came in the same read after it was full.
            count();
        }
    }

    private void finish(ChannelFuture lastWrite) {
        over = true;
        held.set(0);
        entry.allowed(status, used());
        UpstreamLeg leg = upstream;
        upstream = null;
        if (leg != null) {
            boolean sent = sentWhole || !leg.isStream() || (lastSent != null && lastSent.isDone());
            if (requestDone && sent && upstreamKeepsAlive && !endsWithConnection) {
                services.pool().giveBack(leg);
            } else {
                leg.close();
            }
        }
        front.ended(keepAlive && requestDone, lastWrite);
    }

    private void upgrade(HttpResponse response) {
        over = true;
        held.set(0);
        UpstreamLeg leg = upstream;
        if (leg != null) {
            Upgrade.toWebSocket(client, leg.channel(), response, entry, door, services.memory());
        }
    }

    void upstreamGone() {
        UpstreamLeg leg = upstream;
        upstream = null;
        if (over) {
            return;
        }
        if (answering) {
            truncated();
        } else if (leg != null && mayGoAgain(leg)) {
            connect();
        } else {
            fail(Refusal.badGateway(destination.origin() + " closed the connection without an answer"));
        }
    }

    /**
     * Whether the request may be sent once more: nothing of its body was sent, and either the server has said that it did nothing about it,
     * or it closed an idle connection while a request was on its way that does no harm twice (RFC 9110, section 9.2.2).
     */
    private boolean mayGoAgain(UpstreamLeg leg) {
        if (bodySent || upgrading) {
            return false;
        }
        return leg.isUnprocessed()
                ? attempts < ATTEMPTS_MAX
                : leg.wasUsed() && attempts == 1 && requestDone && isIdempotent();
    }

    private boolean isIdempotent() {
        return IDEMPOTENT.contains(request.method());
    }

    /** The rest of an answer is missing: the client must be able to see that. */
    private void truncated() {
        entry.allowed(status, used());
        end();
        client.close();
    }

    private void broken(String how) {
        if (answering) {
            truncated();
        } else {
            fail(Refusal.badGateway(destination.origin() + ": " + how));
        }
    }

    private void fail(Refusal refusal) {
        if (over) {
            return;
        }
        if (answering) {
            truncated();
            return;
        }
        entry.refused(refusal);
        end();
        front.answer(refusal);
    }

    private @Nullable Usage used() {
        return call == null ? null : call.end();
    }

    /** The client has left: nobody waits for the answer any more. */
    void clientGone() {
        if (!over) {
            entry.allowed(status, used());
            end();
        }
    }

    /** Ends an exchange on which neither side has moved for too long. */
    void tick(long idleMaxNanos) {
        if (System.nanoTime() - lastProgress > idleMaxNanos) {
            fail(Refusal.timeout(destination.origin() + " did not answer in time"));
        }
    }

    private void end() {
        over = true;
        held.set(0);
        if (call != null) {
            call.end();
        }
        if (cache != null) {
            cache.giveUp();
        }
        if (stored != null) {
            stored.close();
        }
        pending.forEach(HttpContent::release);
        pending.clear();
        if (upstream != null) {
            upstream.close();
            upstream = null;
        }
    }
}
