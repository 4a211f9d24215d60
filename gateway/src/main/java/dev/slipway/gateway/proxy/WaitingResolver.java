package dev.slipway.gateway.proxy;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

/** Asks the system for addresses on threads that may wait, so that a slow name server holds up no connection but those for its names. */
final class WaitingResolver extends AddressResolverGroup<InetSocketAddress> {
    private final Executor blocking;

    WaitingResolver(Executor blocking) {
        this.blocking = blocking;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Names(executor, blocking).asAddressResolver();
    }

    private static final class Names extends InetNameResolver {
        private final Executor blocking;

        Names(EventExecutor executor, Executor blocking) {
            super(executor);
            this.blocking = blocking;
        }

        @Override
        protected void doResolve(String host, Promise<InetAddress> promise) {
            blocking.execute(() -> {
                try {
                    promise.trySuccess(InetAddress.getByName(host));
                } catch (UnknownHostException e) {
                    promise.tryFailure(e);
                }
            });
        }

        @Override
        protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
            blocking.execute(() -> {
                try {
                    promise.trySuccess(Arrays.asList(InetAddress.getAllByName(host)));
                } catch (UnknownHostException e) {
                    promise.tryFailure(e);
                }
            });
        }
    }
}
