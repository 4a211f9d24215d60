package dev.slipway.mitm.wire;

import dev.slipway.contracts.mitm.Usage;
import dev.slipway.mitm.address.HostName;
import dev.slipway.mitm.meter.Counted;
import dev.slipway.mitm.meter.MeteredHosts;
import dev.slipway.mitm.meter.PriceTable;
import dev.slipway.mitm.meter.Purse;
import dev.slipway.mitm.meter.UsageTap;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** The money side of a request to a model provider: room in the budget while it runs, and what its answer says that it cost. */
final class ModelCall {
    private final HostName host;
    private final PriceTable prices;
    private final Purse.Reservation reservation;
    private @Nullable UsageTap tap;

    private ModelCall(HostName host, PriceTable prices, Purse.Reservation reservation) {
        this.host = host;
        this.prices = prices;
        this.reservation = reservation;
    }

    /**
     * The call that a request to this host is; null if the host is no model provider.
     *
     * @throws Refusal if there is no room in the budget
     */
    static @Nullable ModelCall begin(HostName host, Door door, PriceTable prices) {
        if (!MeteredHosts.contains(host)) {
            return null;
        }
        try {
            return new ModelCall(host, prices, door.terms().purse().reserve());
        } catch (Purse.NoRoom reason) {
            throw Refusal.budget(reason);
        }
    }

    void answered(HttpResponse response) {
        tap = MeteredHosts.tapFor(host, response).orElse(null);
    }

    void look(ByteBuf piece) {
        if (tap != null) {
            tap.look(piece);
        }
    }

    /** Settles with what was counted so far; null if nothing was. */
    @Nullable
    Usage end() {
        Counted counted = tap == null ? null : tap.counted().orElse(null);
        Long cost = counted == null ? null : counted.costMicros(prices);
        reservation.settle(cost == null ? 0 : cost);
        return counted == null ? null : counted.usage(prices);
    }
}
