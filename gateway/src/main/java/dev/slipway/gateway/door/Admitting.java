package dev.slipway.gateway.door;

import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request whose leave to pass is being asked for on another thread. Nothing more is read of it until the answer is there. */
final class Admitting implements Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Admitting.class);

    private final Front front;
    private final Queue<Object> early = new ArrayDeque<>();
    private @Nullable Exchange admitted;
    private boolean ended;

    private Admitting(Front front) {
        this.front = front;
    }

    static <A> Exchange begin(Front front, Executor executor, Supplier<A> question, Function<A, Exchange> then) {
        Admitting admitting = new Admitting(front);
        executor.execute(() -> {
            try {
                A answer = question.get();
                front.loop().execute(() -> admitting.admit(answer, then));
            } catch (ProblemException e) {
                front.loop().execute(() -> admitting.refuse(e));
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("request could not be authorised");
                ProblemException problem = ProblemException.of(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "internal-server-error",
                        "Something went wrong on our side. Try again; if it stays, report the request id.");
                front.loop().execute(() -> admitting.refuse(problem));
            }
        });
        return admitting;
    }

    private <A> void admit(A answer, Function<A, Exchange> then) {
        if (ended) {
            return;
        }
        try {
            Exchange exchange = then.apply(answer);
            admitted = exchange;
            while (!early.isEmpty()) {
                exchange.received(early.remove());
            }
            exchange.readComplete();
        } catch (ProblemException e) {
            refuse(e);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("exchange failed to begin");
            front.abort();
        }
    }

    private void refuse(ProblemException problem) {
        if (!ended) {
            ended = true;
            releaseEarly();
            front.refuse(problem);
        }
    }

    private void releaseEarly() {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
    }

    @Override
    public void received(Object part) {
        if (admitted != null) {
            admitted.received(part);
        } else if (ended) {
            ReferenceCountUtil.release(part);
        } else {
            early.add(part);
        }
    }

    @Override
    public void readComplete() {
        if (admitted != null) {
            admitted.readComplete();
        }
    }

    @Override
    public boolean readsWhole() {
        return admitted != null && admitted.readsWhole();
    }

    @Override
    public void writabilityChanged() {
        if (admitted != null) {
            admitted.writabilityChanged();
        }
    }

    @Override
    public void drain() {
        if (admitted != null) {
            admitted.drain();
        }
    }

    @Override
    public void clientGone() {
        ended = true;
        releaseEarly();
        if (admitted != null) {
            admitted.clientGone();
        }
    }
}
