package dev.slipway.mitm.wire;

import dev.slipway.mitm.authority.Leaves;
import dev.slipway.mitm.inject.RuleBook;
import dev.slipway.mitm.journal.EgressLog;
import dev.slipway.mitm.meter.PriceTable;

/** What the data path needs from around it; one for the whole proxy. */
public record ProxyServices(
        Leaves leaves,
        RuleBook rules,
        EgressLog log,
        PriceTable prices,
        UpstreamMap upstreams,
        WorkspaceGate workspace,
        UpstreamPool pool) {}
