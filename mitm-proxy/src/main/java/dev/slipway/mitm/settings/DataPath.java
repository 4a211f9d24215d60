package dev.slipway.mitm.settings;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.tls.InternalTls;
import dev.slipway.mitm.address.AddressGuard;
import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.Network;
import dev.slipway.mitm.address.Resolver;
import dev.slipway.mitm.authority.Authorities;
import dev.slipway.mitm.authority.Leaves;
import dev.slipway.mitm.authority.UpstreamTrust;
import dev.slipway.mitm.cache.BlobStore;
import dev.slipway.mitm.config.ConfigStore;
import dev.slipway.mitm.door.Doors;
import dev.slipway.mitm.inject.RuleBook;
import dev.slipway.mitm.journal.EgressLog;
import dev.slipway.mitm.wire.MemoryLimit;
import dev.slipway.mitm.wire.ProxyServices;
import dev.slipway.mitm.wire.Transport;
import dev.slipway.mitm.wire.UpstreamPool;
import dev.slipway.mitm.wire.WorkspaceGate;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.internal.PlatformDependent;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the data path together. It asks for nothing of the framework but these values. */
@Factory
final class DataPath {
    private static final Logger LOG = LoggerFactory.getLogger(DataPath.class);
    private static final AddressGuard OPEN =
            new AddressGuard(List.of(Network.parse("0.0.0.0/0"), Network.parse("::/0")));

    /** Threads for what blocks: asking the resolver, writing to the store. */
    private final ExecutorService waiting = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("egress-waiting-", 0).factory());

    @Singleton
    @Bean(preDestroy = "close")
    Transport transport(EgressSettings settings) {
        Transport transport = Transport.open(settings.loops(), settings.transportKind());
        LOG.atInfo()
                .addKeyValue("wanted", settings.transport())
                .addKeyValue("taken", transport.kind())
                .addKeyValue("loops", settings.loops())
                .log("egress sockets");
        return transport;
    }

    @Singleton
    Authorities authorities(EgressSettings settings, @Value("${slipway.home}") Path home, Clock clock) {
        return Authorities.in(
                home.resolve("proxy").resolve("ca"),
                clock,
                new Authorities.Schedule(settings.authorityMaxAge(), settings.authorityOverlap()));
    }

    @Singleton
    EgressLog log(EgressSettings settings) {
        return new EgressLog(settings.logCapacity());
    }

    @Singleton
    RuleBook rules(RuleBook.Source source) {
        return new RuleBook(source);
    }

    @Singleton
    BlobCache cache(EgressSettings settings, @Value("${slipway.home}") Path home) {
        return new BlobCache(
                settings.cacheBytes() == 0
                        ? Optional.empty()
                        : Optional.of(
                                new BlobStore(home.resolve("proxy").resolve("cache"), settings.cacheBytes(), waiting)));
    }

    @Singleton
    ProxyServices services(
            EgressSettings settings,
            Transport transport,
            Authorities authorities,
            RuleBook rules,
            EgressLog log,
            ConfigStore config,
            BlobCache cache,
            Clock clock,
            IdentityTokens tokens,
            @Nullable InternalTls internal,
            @Value("${slipway.services.workspace-service.url}") URI workspaceService) {
        AddressGuard guard = new AddressGuard(EgressSettings.split(settings.privateNetworks())
                .map(Network::parse)
                .toList());
        Resolver resolver = new Resolver(guard, Resolver.system(), waiting);
        Resolver operatorResolver = new Resolver(OPEN, Resolver.system(), waiting);
        WorkspaceGate workspace = workspace(workspaceService, tokens);
        UpstreamTrust trust = trust(settings, workspace, internal);
        return new ProxyServices(
                new Leaves(authorities::signing, clock),
                rules,
                log,
                PriceFile.load(settings.prices()),
                config::terms,
                workspace,
                new UpstreamPool(transport, resolver, operatorResolver, trust),
                cache.store().orElse(null),
                new MemoryLimit(settings.memory(PlatformDependent.maxDirectMemory())));
    }

    @Singleton
    @Bean(preDestroy = "close")
    Doors doors(@Value("${slipway.run-dir}") Path runFolder, Transport transport, ProxyServices services) {
        return new Doors(runFolder, transport, services);
    }

    private static UpstreamTrust trust(
            EgressSettings settings, WorkspaceGate workspace, @Nullable InternalTls internal) {
        UpstreamTrust roots = UpstreamTrust.load(settings.trustedCa());
        if (internal == null || !workspace.tls()) {
            return roots;
        }
        try {
            return roots.with(
                    workspace.address(),
                    SslContextBuilder.forClient()
                            .keyManager(internal.keys())
                            .trustManager(internal.trust())
                            .build());
        } catch (SSLException e) {
            throw new IllegalStateException("slipway.internal.tls: " + e.getMessage(), e);
        }
    }

    private static WorkspaceGate workspace(URI url, IdentityTokens tokens) {
        boolean tls = "https".equals(url.getScheme());
        HostPort address = HostPort.parse(url.getRawAuthority(), tls ? 443 : 80);
        return new WorkspaceGate(
                address,
                tls,
                door -> tokens.sign(
                        new Caller("mitm-proxy", "system", null, null, door.projectId(), Role.SYSTEM, door.sessionId()),
                        "workspace-service"));
    }
}
