package dev.slipway.mitm.wire;

import dev.slipway.mitm.authority.Leaves;
import dev.slipway.mitm.cache.BlobStore;
import dev.slipway.mitm.inject.RuleBook;
import dev.slipway.mitm.journal.EgressLog;
import dev.slipway.mitm.meter.PriceTable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the data path needs from around it; one for the whole proxy.
 *
 * @param blobs where bodies that never change are kept; null keeps none
 * @param memory what all sessions together may hold
 * @param operatorNow asked for each request, so that a change is in force at once
 */
public record ProxyServices(
        Leaves leaves,
        RuleBook rules,
        EgressLog log,
        PriceTable prices,
        Supplier<OperatorTerms> operatorNow,
        WorkspaceGate workspace,
        UpstreamPool pool,
        @Nullable BlobStore blobs,
        MemoryLimit memory) {
    OperatorTerms operator() {
        return operatorNow.get();
    }

    UpstreamMap upstreams() {
        return operator().upstreams();
    }
}
