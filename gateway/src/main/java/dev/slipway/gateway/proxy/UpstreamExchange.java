package dev.slipway.gateway.proxy;

import dev.slipway.gateway.proxy.Target.Flow;
import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request that a service answers. Parts pass as they come, in both directions, each side read only as fast as the other
 * takes. When the client goes the service's connection is closed, which is how the service learns of it; when the service
 * goes in the middle, so does the client's connection, so that a part is never taken for the whole.
 */
public final class UpstreamExchange implements Exchange, UpstreamListener {
    /** How long until what could not be had is tried for a second and last time. */
    private static final Duration SECOND_TRY = Duration.ofMillis(100);

    /** A service may close a connection just as it is used again; what must not happen twice takes a younger one. */
    private static final Duration REUSE_UNSAFE = Duration.ofSeconds(2);

    private static final Duration REUSE_SAFE = Duration.ofSeconds(25);

    private final Front front;
    private final UpstreamPool pool;
    private final Target target;
    private final HttpRequest request;
    private final boolean safe;
    private final boolean webSocket;
    private final boolean http10;
    private final Queue<Object> early = new ArrayDeque<>();

    private @Nullable Channel upstream;
    private @Nullable Passage tunnel;
    private @Nullable HttpResponse head;
    private @Nullable ScheduledFuture<?> watch;
    private boolean retried;
    private boolean bodySent;
    private boolean endSent;
    private boolean requestDone;
    private boolean watchingClient;
    private boolean answering;
    private boolean answerWhole;
    private boolean switching;
    private boolean ended;
    private long bodyBytes;
    private long progressNanos = System.nanoTime();
    private long lookedNanos = progressNanos;
    private long bodyBytesThen;

    private UpstreamExchange(Front front, UpstreamPool pool, Target target, HttpRequest asked, String requestId) {
        this.front = front;
        this.pool = pool;
        this.target = target;
        this.safe = UpstreamRequest.isSafe(asked);
        this.http10 = HttpVersion.HTTP_1_0.equals(asked.protocolVersion());
        this.webSocket = asked.method().equals(HttpMethod.GET)
                && !http10
                && asked.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
        this.request = UpstreamRequest.of(asked, target, requestId, front, webSocket);
    }

    /** Begins the exchange; {@code asked} is the client's head. */
    public static Exchange begin(Front front, UpstreamPool pool, Target target, HttpRequest asked, String requestId) {
        UpstreamExchange exchange = new UpstreamExchange(front, pool, target, asked, requestId);
        if (HttpUtil.getContentLength(asked, 0L) > target.bodyBytesMax()) {
            front.loop().execute(exchange::refuseLargeBody);
            return exchange;
        }
        if (HttpUtil.is100ContinueExpected(asked)) {
            front.write(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
            front.flush();
        }
        exchange.connect();
        return exchange;
    }

    private void connect() {
        Duration refused = pool.circuit(target.address()).refusedFor();
        if (!refused.isZero()) {
            front.loop().execute(() -> fail(away(refused)));
            return;
        }
        Channel waiting = retried || webSocket ? null : pool.reuse(target.address(), safe ? REUSE_SAFE : REUSE_UNSAFE);
        if (waiting != null) {
            use(waiting);
            if (!ended && !answering) {
                UpstreamPool.handler(waiting).watch(firstLook().toNanos());
            }
        } else {
            armWatch();
            pool.open(front.channel(), target.address()).addListener((Future<Channel> opened) -> {
                if (!opened.isSuccess()) {
                    pool.circuit(target.address()).failed();
                    unreachable();
                } else if (ended) {
                    pool.circuit(target.address()).abandoned();
                    opened.getNow().close();
                } else {
                    use(opened.getNow());
                }
            });
        }
    }

    /** Nothing was sent, but only what is safe is worth holding a client up for. */
    private void unreachable() {
        if (safe && !retried) {
            retried = true;
            front.loop().schedule(this::connectAgain, SECOND_TRY.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            fail(away(Duration.ofSeconds(2)));
        }
    }

    private void connectAgain() {
        if (!ended) {
            connect();
        }
    }

    private ProblemException away(Duration retryAfter) {
        return ProblemException.starting(target.service() + " is starting or away. Try again in a moment.", retryAfter);
    }

    private void use(Channel channel) {
        upstream = channel;
        UpstreamPool.handler(channel).serve(this);
        channel.write(request);
        if (request instanceof LastHttpContent) {
            endSent = true;
        } else if (endSent) {
            // The first try took it along.
            channel.write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        while (!early.isEmpty()) {
            send(channel, early.remove());
        }
        channel.flush();
        channel.read();
        readComplete();
    }

    private void send(Channel channel, Object part) {
        if (endSent) {
            // The head was the end, too.
            ReferenceCountUtil.release(part);
            return;
        }
        if (part instanceof ByteBufHolder holder && holder.content().isReadable()) {
            bodySent = true;
        }
        endSent |= part instanceof LastHttpContent;
        channel.write(part);
    }

    // From the client.

    @Override
    public void received(Object part) {
        if (tunnel != null) {
            tunnel.fromClient(part);
            return;
        }
        progressNanos = System.nanoTime();
        if (part instanceof HttpContent content) {
            bodyBytes += content.content().readableBytes();
            if (part instanceof LastHttpContent last) {
                requestDone = true;
                dropTrailers(last);
            }
        }
        boolean malformed =
                part instanceof HttpContent content && content.decoderResult().isFailure();
        if (ended) {
            ReferenceCountUtil.release(part);
        } else if (malformed) {
            // The decoder gives it as the last part; the service must not take what came before it for the whole.
            ReferenceCountUtil.release(part);
            fail(ProblemException.of(HttpStatus.BAD_REQUEST, "malformed-request", "The body is not valid HTTP/1.1."));
        } else if (bodyBytes > target.bodyBytesMax()) {
            ReferenceCountUtil.release(part);
            refuseLargeBody();
        } else if (upstream == null) {
            early.add(part);
        } else {
            send(upstream, part);
        }
    }

    @Override
    public void readComplete() {
        if (ended) {
            return;
        }
        if (tunnel != null) {
            tunnel.clientReadComplete();
            return;
        }
        if (upstream == null) {
            return;
        }
        upstream.flush();
        if (!requestDone) {
            if (upstream.isWritable()) {
                front.read();
            }
        } else if (!watchingClient) {
            // Once, for its end: that is the only way to learn that the client has gone.
            watchingClient = true;
            front.read();
        }
    }

    @Override
    public void writabilityChanged() {
        if (tunnel != null) {
            tunnel.clientWritabilityChanged();
        } else if (upstream != null && front.isWritable()) {
            upstream.read();
        }
    }

    @Override
    public void clientGone() {
        if (tunnel != null) {
            tunnel.clientGone();
        } else if (upstream != null) {
            upstream.close();
        }
        end();
    }

    @Override
    public void drain() {
        if (tunnel != null) {
            tunnel.drain();
        }
    }

    /** Trailers may say what no one checked in the head; the shared empty part has none and cannot be changed. */
    private static void dropTrailers(LastHttpContent last) {
        if (!last.trailingHeaders().isEmpty()) {
            last.trailingHeaders().clear();
        }
    }

    // From the service.

    @Override
    public void upstreamReceived(Object part) {
        if (tunnel != null) {
            tunnel.fromUpstream(part);
        } else if (ended) {
            ReferenceCountUtil.release(part);
        } else if (part instanceof HttpResponse response) {
            answerHead(response);
            if (part instanceof LastHttpContent) {
                answerPart((HttpContent) part);
            }
        } else if (part instanceof HttpContent content) {
            answerPart(content);
        } else {
            ReferenceCountUtil.release(part);
        }
    }

    private void answerHead(HttpResponse response) {
        if (response.decoderResult().isFailure()) {
            ReferenceCountUtil.release(response);
            fail(broken());
            return;
        }
        int status = response.status().code();
        switching = status == 101;
        if (switching && !(webSocket && response.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))) {
            fail(broken());
            return;
        }
        if (status < 200 && !switching) {
            return;
        }
        answering = true;
        pool.circuit(target.address()).succeeded();
        disarmWatch();
        answerWhole = HttpUtil.isKeepAlive(response);
        HttpHeaders headers = HopByHop.without(response.headers());
        HttpResponse answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, response.status(), headers);
        if (switching) {
            headers.set(HttpHeaderNames.CONNECTION, "Upgrade").set(HttpHeaderNames.UPGRADE, "websocket");
        } else {
            frame(answer);
        }
        if (target.flow() == Flow.PREVIEW) {
            PreviewAnswer.confine(headers, target.prefix());
        }
        headers.remove(HttpHeaderNames.SERVER);
        head = answer;
    }

    /** A short answer comes in one read and leaves in one piece; of another the head waits for no more than that read. */
    private void writeHead() {
        HttpResponse waiting = head;
        head = null;
        if (waiting != null) {
            front.write(waiting);
        }
    }

    /** An answer that ends with the connection gets chunks, so that its end can be told from a break. */
    private void frame(HttpResponse response) {
        int status = response.status().code();
        boolean empty = request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
        if (http10) {
            response.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
            HttpUtil.setKeepAlive(response, false);
        } else if (!empty && !HttpUtil.isContentLengthSet(response)) {
            HttpUtil.setTransferEncodingChunked(response, true);
        }
    }

    private void answerPart(HttpContent part) {
        if (!answering) {
            // The end of a 1xx, which the service may send before its answer.
            ReferenceCountUtil.release(part);
            return;
        }
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            breakOff();
            return;
        }
        if (part instanceof LastHttpContent last) {
            dropTrailers(last);
        }
        HttpResponse waiting = head;
        if (waiting != null
                && !switching
                && part instanceof LastHttpContent
                && !HttpUtil.isTransferEncodingChunked(waiting)) {
            head = null;
            front.write(new DefaultFullHttpResponse(
                    waiting.protocolVersion(),
                    waiting.status(),
                    part.content(),
                    waiting.headers(),
                    EmptyHttpHeaders.INSTANCE));
        } else {
            writeHead();
            front.write(part);
        }
        if (part instanceof LastHttpContent) {
            if (switching) {
                beginTunnel();
            } else {
                complete();
            }
        }
    }

    private void beginTunnel() {
        Channel open = upstream;
        if (open == null) {
            return;
        }
        boolean words = target.flow() == Flow.PTY;
        Passage made = words ? new PtyPassage(front, open) : new Tunnel(front, open);
        tunnel = made;
        if (words) {
            front.upgradedToFrames(PtyPassage.BYTES_MAX);
            PtyPassage.frame(
                    open, open.pipeline().context(UpstreamHandler.class).name());
        } else {
            front.upgraded();
        }
        open.pipeline().remove(HttpClientCodec.class);
        made.begin();
    }

    private void complete() {
        Channel done = upstream;
        end();
        upstream = null;
        if (done != null) {
            if (answerWhole && requestDone && !webSocket) {
                pool.release(done, target.address());
            } else {
                UpstreamPool.handler(done).serve(null);
                done.close();
            }
        }
        front.finished();
    }

    @Override
    public void upstreamReadComplete() {
        if (tunnel != null) {
            tunnel.upstreamReadComplete();
            return;
        }
        if (ended) {
            return;
        }
        writeHead();
        front.flush();
        if (upstream != null && front.isWritable()) {
            upstream.read();
        }
    }

    @Override
    public void upstreamWritabilityChanged() {
        if (tunnel != null) {
            tunnel.upstreamWritabilityChanged();
        } else if (!requestDone && upstream != null && upstream.isWritable()) {
            front.read();
        }
    }

    @Override
    public void upstreamGone() {
        if (tunnel != null) {
            tunnel.upstreamGone();
            return;
        }
        if (ended) {
            return;
        }
        if (answering) {
            breakOff();
        } else if (!retried && safe && requestDone && !bodySent) {
            retried = true;
            upstream = null;
            connect();
        } else {
            fail(broken());
        }
    }

    // Ends.

    private void refuseLargeBody() {
        fail(ProblemException.of(
                HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                "too-large",
                "The body exceeds " + (target.bodyBytesMax() >> 20) + " MB, the most that this path takes."));
    }

    private ProblemException broken() {
        return ProblemException.of(
                HttpStatus.BAD_GATEWAY,
                "bad-gateway",
                target.service() + " broke off without an answer. Whether it did what was asked is not known.");
    }

    private void fail(ProblemException problem) {
        if (ended) {
            return;
        }
        if (answering) {
            breakOff();
            return;
        }
        end();
        closeUpstream();
        front.refuse(problem);
    }

    private void breakOff() {
        writeHead();
        end();
        closeUpstream();
        front.abort();
    }

    private void closeUpstream() {
        Channel open = upstream;
        upstream = null;
        if (open != null) {
            UpstreamPool.handler(open).serve(null);
            open.close();
        }
    }

    private void end() {
        if (!answering) {
            pool.circuit(target.address()).abandoned();
        }
        ended = true;
        disarmWatch();
        early.forEach(ReferenceCountUtil::release);
        early.clear();
    }

    /** When silence can first have lasted too long. */
    private Duration firstLook() {
        Duration silenceMax = pool.bodyWithin();
        return silenceMax.compareTo(target.answerWithin()) < 0 ? silenceMax : target.answerWithin();
    }

    private void armWatch() {
        disarmWatch();
        watch = front.loop().schedule(this::watchSilence, firstLook().toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void upstreamOverdue() {
        watchSilence();
    }

    private void watchSilence() {
        if (ended || answering) {
            return;
        }
        long now = System.nanoTime();
        Duration patience = requestDone ? target.answerWithin() : pool.bodyWithin();
        long leftNanos = patience.toNanos() - (now - progressNanos);
        if (leftNanos > 0 && (requestDone || bringsEnough(now))) {
            watch = front.loop().schedule(this::watchSilence, leftNanos, TimeUnit.NANOSECONDS);
        } else if (requestDone) {
            pool.circuit(target.address()).failed();
            fail(ProblemException.of(
                    HttpStatus.GATEWAY_TIMEOUT,
                    "gateway-timeout",
                    target.service() + " did not answer within "
                            + target.answerWithin().toSeconds() + " s."));
        } else {
            fail(ProblemException.of(
                    HttpStatus.REQUEST_TIMEOUT, "request-timeout", "The rest of the body did not come in time."));
        }
    }

    /** Whether the body brought enough since this was asked last, unless it was the service that took no more. */
    private boolean bringsEnough(long now) {
        long passed = now - lookedNanos;
        if (passed < pool.bodyWithin().toNanos() / 2) {
            return true;
        }
        long least = UpstreamPool.BODY_BYTES_PER_SECOND_MIN * passed / TimeUnit.SECONDS.toNanos(1);
        boolean held = upstream == null || !upstream.isWritable();
        boolean enough = held || bodyBytes - bodyBytesThen >= least;
        lookedNanos = now;
        bodyBytesThen = bodyBytes;
        return enough;
    }

    private void disarmWatch() {
        if (watch != null) {
            watch.cancel(false);
        }
    }
}
