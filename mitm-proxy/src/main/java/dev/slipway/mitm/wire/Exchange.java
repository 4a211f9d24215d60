package dev.slipway.mitm.wire;

import dev.slipway.mitm.inject.Injection;
import dev.slipway.mitm.inject.Placeholder;
import dev.slipway.mitm.inject.RuleSet;
import dev.slipway.mitm.meter.MeteredHosts;
import dev.slipway.mitm.meter.UsageTap;
import dev.slipway.mitm.policy.Decision;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, from the policy's decision to the last byte. Pieces of bodies pass as they come; whichever side is slower
 * slows the other one down. Used by the event loop of both legs only.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Exchange {
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
    private @Nullable UsageTap tap;
    private boolean bodySent;
    private boolean requestDone;
    private boolean retried;
    private boolean informational;
    private boolean answering;
    private boolean upstreamKeepsAlive;
    private boolean endsWithConnection;
    private boolean keepAlive;
    private boolean over;
    private @Nullable Integer status;
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
        request.headers().remove(WorkspaceGate.IDENTITY_HEADER);
        Headers.removeHopByHop(request.headers(), upgrading);
        if (destination.isWorkspace()) {
            beginWorkspace();
            return;
        }
        switch (door.terms().policy().decide(destination.origin())) {
            case Decision.Refused(String reason) -> throw Refusal.notAllowed(destination.origin(), reason);
            case Decision.Allowed allowed -> entry.rule(allowed.rule());
        }
        Way chosen = Ways.to(door, services.upstreams(), destination.origin(), destination.tls());
        way = chosen;
        if (destination.tls() && chosen.tls()) {
            sign();
        } else {
            send();
        }
    }

    private void beginWorkspace() {
        WorkspaceGate workspace = services.workspace();
        entry.rule("workspace");
        request.setUri(WorkspaceGate.inside(destination.uri()));
        request.headers()
                .set(HttpHeaderNames.HOST, workspace.address().inHeader(workspace.tls()))
                .set(WorkspaceGate.IDENTITY_HEADER, workspace.identity().apply(door));
        way = new Way(door.sessionId(), workspace.address(), workspace.address(), workspace.tls(), true);
        connect();
    }

    private void sign() {
        Optional<RuleSet> known = services.rules().known(door.projectId());
        if (known.isPresent()) {
            inject(known.get());
            send();
            return;
        }
        client.channel().config().setAutoRead(false);
        CompletableFuture<RuleSet> asked = services.rules().rulesOf(door.projectId());
        asked.whenComplete((rules, failure) -> client.executor().execute(() -> {
            if (!over) {
                signed(rules, failure);
            }
        }));
    }

    private void signed(@Nullable RuleSet rules, @Nullable Throwable failure) {
        try {
            if (rules != null) {
                inject(rules);
            } else if (failure != null && Placeholder.in(request)) {
                throw Refusal.unavailable(
                        "The credentials of this project cannot be had at the moment. The request was not sent; try again");
            }
            send();
        } catch (Refusal refusal) {
            fail(refusal);
        }
    }

    private void inject(RuleSet rules) {
        try {
            entry.credentials(Injection.apply(rules, door.terms().subject(), request, destination.origin()));
        } catch (Injection.AmbiguousRules ambiguous) {
            throw Refusal.forbidden(ambiguous.getMessage() + "; remove one of them");
        }
    }

    private void send() {
        Placeholder.remove(request);
        request.headers().set(HttpHeaderNames.HOST, destination.origin().inHeader(destination.tls()));
        if (MeteredHosts.contains(destination.origin().host())) {
            // Usage is read from the answer as it passes, which a compressed one would not allow.
            request.headers().set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
        }
        services.upstreams()
                .find(destination.origin().host())
                .ifPresent(elsewhere -> request.setUri(elsewhere.pathPrefix() + request.uri()));
        connect();
    }

    private void connect() {
        Way chosen = chosenWay();
        UpstreamLeg idle = retried ? null : services.pool().takeIdle(chosen, hasBody());
        if (idle != null) {
            attach(idle);
            return;
        }
        client.channel().config().setAutoRead(false);
        services.pool().open(client.channel().eventLoop(), chosen).addListener((Future<UpstreamLeg> opened) -> {
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
        leg.channel().write(request).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        if (retried) {
            leg.channel().write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        for (HttpContent piece = pending.poll(); piece != null; piece = pending.poll()) {
            write(leg, piece);
        }
        leg.channel().flush();
        upstreamWritability(leg.channel().isWritable());
    }

    private void write(UpstreamLeg leg, HttpContent piece) {
        bodySent |= piece.content().isReadable();
        leg.channel().write(piece);
    }

    /** Takes a piece of the request's body. */
    void requestContent(HttpContent piece) {
        lastProgress = System.nanoTime();
        if (piece.decoderResult().isFailure()) {
            piece.release();
            fail(Refusal.badRequest("the request's body is not framed as its headers say"));
            return;
        }
        entry.up(piece.content().readableBytes());
        requestDone |= piece instanceof LastHttpContent;
        if (upstream == null) {
            pending.add(piece);
            return;
        }
        write(upstream, piece);
        if (!upstream.channel().isWritable()) {
            client.channel().config().setAutoRead(false);
        }
    }

    void requestReadComplete() {
        if (upstream != null) {
            upstream.channel().flush();
        }
    }

    boolean requestDone() {
        return requestDone;
    }

    void clientWritability(boolean writable) {
        if (upstream != null) {
            upstream.channel().config().setAutoRead(writable);
        }
    }

    void upstreamWritability(boolean writable) {
        if (writable) {
            front.resumeReading();
        } else {
            client.channel().config().setAutoRead(false);
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
            if (upgrading) {
                upgrade(response);
            } else {
                broken("it changed the protocol unasked");
            }
        } else if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            informational = true;
            if (!clientSpeaks10) {
                var early = new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, response.status(), io.netty.buffer.Unpooled.EMPTY_BUFFER);
                early.headers().set(response.headers());
                Headers.removeHopByHop(early.headers(), false);
                client.writeAndFlush(early);
            }
        } else {
            finalHead(response);
        }
    }

    private void finalHead(HttpResponse response) {
        answering = true;
        status = response.status().code();
        upstreamKeepsAlive = HttpUtil.isKeepAlive(response);
        boolean bodiless = request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
        boolean chunked = HttpUtil.isTransferEncodingChunked(response);
        endsWithConnection = !bodiless && !chunked && !HttpUtil.isContentLengthSet(response);
        tap = MeteredHosts.tapFor(destination.origin().host(), response).orElse(null);
        var answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, response.status(), response.headers());
        Headers.removeHopByHop(answer.headers(), false);
        // Another way to the same host would be a way around the proxy.
        answer.headers().remove("Alt-Svc");
        if (clientSpeaks10 && (chunked || endsWithConnection)) {
            answer.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
            keepAlive = false;
        } else if (endsWithConnection && !front.isStream()) {
            HttpUtil.setTransferEncodingChunked(answer, true);
        }
        if (!keepAlive && !front.isStream()) {
            answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (clientSpeaks10) {
            answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        client.write(answer);
    }

    private void body(HttpContent piece) {
        if (piece.decoderResult().isFailure()) {
            piece.release();
            broken("the body of its answer is not framed as its headers say");
            return;
        }
        ByteBuf bytes = piece.content();
        entry.down(bytes.readableBytes());
        if (tap != null) {
            tap.look(bytes);
        }
        if (!(piece instanceof LastHttpContent)) {
            client.write(piece);
            if (!client.channel().isWritable() && upstream != null) {
                upstream.channel().config().setAutoRead(false);
            }
        } else if (endsWithConnection && upstream != null && !upstream.closedCleanly()) {
            piece.release();
            truncated();
        } else {
            finish(client.writeAndFlush(piece));
        }
    }

    void upstreamReadComplete() {
        client.flush();
    }

    private void finish(ChannelFuture lastWrite) {
        over = true;
        entry.allowed(status, tap == null ? null : tap.usage().orElse(null));
        UpstreamLeg leg = upstream;
        upstream = null;
        if (leg != null) {
            if (requestDone && upstreamKeepsAlive && !endsWithConnection) {
                services.pool().giveBack(leg);
            } else {
                leg.close();
            }
        }
        front.ended(keepAlive && requestDone, lastWrite);
    }

    private void upgrade(HttpResponse response) {
        over = true;
        UpstreamLeg leg = upstream;
        if (leg != null) {
            Upgrade.toWebSocket(client, leg.channel(), response, entry);
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
        } else if (leg != null && leg.wasUsed() && !retried && requestDone && !bodySent && !upgrading) {
            // The server closed an idle connection while the request was on its way: nothing was lost, so it is asked
            // again.
            retried = true;
            connect();
        } else {
            fail(Refusal.badGateway(destination.origin() + " closed the connection without an answer"));
        }
    }

    /** The rest of an answer is missing: the client must be able to see that. */
    private void truncated() {
        entry.allowed(status, tap == null ? null : tap.usage().orElse(null));
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

    /** The client has left: nobody waits for the answer any more. */
    void clientGone() {
        if (!over) {
            entry.allowed(status, tap == null ? null : tap.usage().orElse(null));
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
        pending.forEach(HttpContent::release);
        pending.clear();
        if (upstream != null) {
            upstream.close();
            upstream = null;
        }
    }
}
