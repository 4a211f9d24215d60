package dev.slipway.mitm.authority;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;

/** A host's certificate, ready to answer handshakes with. */
public final class Leaf {
    /** Kept so that the group lives at least as long as one of its leaves may still be asked for a handler. */
    private final LeafGroup group;

    private final String alias;

    Leaf(LeafGroup group, String alias) {
        this.group = group;
        this.alias = alias;
    }

    /** The server's side of a handshake that shows this certificate. */
    public SslHandler newHandler(ByteBufAllocator allocator) {
        return group.newHandler(allocator, alias);
    }
}
