package dev.slipway.gateway.door;

import dev.slipway.gateway.door.IdempotencyStore.Claim;
import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request with an Idempotency-Key: read as a whole first, then sent on if it is the first with its key. */
final class IdempotentExchange implements Exchange, RecordingFront.Recorded {
    private static final int BODY_BYTES_MAX = 1 << 20;

    private final Front front;
    private final IdempotencyKey key;
    private final IdempotencyStore store;
    private final Executor blocking;
    private final Function<Front, Exchange> begin;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private @Nullable Exchange actual;
    private boolean whole;
    private boolean ended;

    IdempotentExchange(
            Front front,
            IdempotencyKey key,
            IdempotencyStore store,
            Executor blocking,
            Function<Front, Exchange> begin) {
        this.front = front;
        this.key = key;
        this.store = store;
        this.blocking = blocking;
        this.begin = begin;
    }

    @Override
    public void received(Object part) {
        if (actual != null) {
            actual.received(part);
            return;
        }
        try {
            if (ended || !(part instanceof HttpContent content)) {
                return;
            }
            if (body.size() + content.content().readableBytes() > BODY_BYTES_MAX) {
                ended = true;
                front.refuse(ProblemException.of(
                        HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                        "too-large",
                        "With an Idempotency-Key a body has at most 1 MB."));
                return;
            }
            byte[] bytes = new byte[content.content().readableBytes()];
            content.content().getBytes(content.content().readerIndex(), bytes);
            body.writeBytes(bytes);
            if (part instanceof LastHttpContent) {
                whole = true;
                claim(body.toByteArray());
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void claim(byte[] bytes) {
        blocking.execute(() -> {
            try {
                Claim claim = store.claim(key, bytes);
                front.loop().execute(() -> goOn(claim, bytes));
            } catch (RuntimeException e) {
                front.loop().execute(front::abort);
                throw e;
            }
        });
    }

    private void goOn(Claim claim, byte[] bytes) {
        if (ended) {
            if (claim instanceof Claim.First) {
                nothing();
            }
            return;
        }
        switch (claim) {
            case Claim.First() -> {
                Exchange exchange = begin.apply(new RecordingFront(front, this));
                actual = exchange;
                exchange.received(new DefaultLastHttpContent(Unpooled.wrappedBuffer(bytes)));
                exchange.readComplete();
            }
            case Claim.Answered answered -> repeat(answered);
            case Claim.InProgress() ->
                front.refuse(ProblemException.conflict(
                        "in-progress", "The first request with this Idempotency-Key is not done yet. Try again."));
            case Claim.Different() ->
                front.refuse(ProblemException.unprocessable(
                        "Idempotency-Key", "was used for another request (expected: a new key for a new request)"));
        }
    }

    private void repeat(Claim.Answered answered) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answered.status()),
                Unpooled.wrappedBuffer(answered.body()));
        if (!answered.contentType().isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, answered.contentType());
        }
        if (answered.status() != 204) {
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answered.body().length);
        }
        response.headers().set("Idempotent-Replayed", "true");
        front.write(response);
        front.finished();
    }

    @Override
    public void answered(int status, String contentType, byte[] bytes) {
        blocking.execute(() -> store.keep(key, status, contentType, bytes));
    }

    @Override
    public void nothing() {
        blocking.execute(() -> store.forget(key));
    }

    @Override
    public void readComplete() {
        if (actual != null) {
            actual.readComplete();
        } else if (!whole && !ended) {
            front.read();
        }
    }

    @Override
    public boolean readsWhole() {
        return actual == null;
    }

    @Override
    public void writabilityChanged() {
        if (actual != null) {
            actual.writabilityChanged();
        }
    }

    @Override
    public void drain() {
        if (actual != null) {
            actual.drain();
        }
    }

    @Override
    public void clientGone() {
        ended = true;
        if (actual != null) {
            actual.clientGone();
        }
    }
}
