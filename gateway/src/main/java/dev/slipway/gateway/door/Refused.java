package dev.slipway.gateway.door;

import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.kit.problem.ProblemException;
import io.netty.util.ReferenceCountUtil;

/** A request that is refused at its head. What comes of its body is thrown away. */
final class Refused implements Exchange {
    private boolean gone;

    Refused(Front front, ProblemException problem) {
        // Not at once: the exchange must be in hand before it can end.
        front.loop().execute(() -> {
            if (!gone) {
                front.refuse(problem);
            }
        });
    }

    @Override
    public void received(Object part) {
        ReferenceCountUtil.release(part);
    }

    @Override
    public void readComplete() {}

    @Override
    public void writabilityChanged() {}

    @Override
    public void clientGone() {
        gone = true;
    }
}
