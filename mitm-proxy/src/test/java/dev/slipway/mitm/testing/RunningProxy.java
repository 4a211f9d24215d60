package dev.slipway.mitm.testing;

import static dev.slipway.mitm.wire.OperatorTerms.NONE;

import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.contracts.credential.RuleScope;
import dev.slipway.contracts.mitm.EgressRecord;
import dev.slipway.mitm.address.AddressGuard;
import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.Network;
import dev.slipway.mitm.address.Resolver;
import dev.slipway.mitm.authority.CertificateAuthority;
import dev.slipway.mitm.authority.Leaves;
import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.authority.UpstreamTrust;
import dev.slipway.mitm.cache.BlobStore;
import dev.slipway.mitm.cache.CacheTerms;
import dev.slipway.mitm.door.DoorTokens;
import dev.slipway.mitm.door.Doors;
import dev.slipway.mitm.door.TcpEntrance;
import dev.slipway.mitm.inject.RuleBook;
import dev.slipway.mitm.inject.RuleSubject;
import dev.slipway.mitm.journal.EgressLog;
import dev.slipway.mitm.meter.PriceTable;
import dev.slipway.mitm.meter.Purse;
import dev.slipway.mitm.policy.EgressPolicy;
import dev.slipway.mitm.policy.HostPattern;
import dev.slipway.mitm.wire.Door;
import dev.slipway.mitm.wire.MemoryLimit;
import dev.slipway.mitm.wire.OperatorTerms;
import dev.slipway.mitm.wire.ProxyServices;
import dev.slipway.mitm.wire.Terms;
import dev.slipway.mitm.wire.Transport;
import dev.slipway.mitm.wire.UpstreamMap;
import dev.slipway.mitm.wire.UpstreamPool;
import dev.slipway.mitm.wire.WorkspaceGate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** The data path on a socket, with the operator's upstreams on loopback. Fails the test at its end if a buffer leaked. */
public final class RunningProxy implements AutoCloseable {
    public static final String PROJECT = "project-1";
    public static final String SESSION = "session-1";

    /** A million tokens of claude cost 3 dollars in and 15 out; a gpt costs nothing that is known. */
    public static final PriceTable PRICES =
            new PriceTable(List.of(PriceTable.Entry.of("claude-*", new PriceTable.Price(3, 0.3, 3.75, 15))));

    private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

    static {
        io.netty.buffer.ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + " " + records));
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection,expect,upgrade");
        // Loopback is where the relay listens; the JDK would not use a proxy for it, but the names here are others.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private final Path folder;
    private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();
    private final Transport transport;
    private final CertificateAuthority authority;
    private final RuleBook rules;
    private final EgressLog log = new EgressLog(10_000);
    private final Doors doors;
    private final Path socket;
    private final TcpToDoor relay;
    private final DoorTokens tokens = new DoorTokens(new byte[32]);
    private final TcpEntrance entrance;
    private final List<EgressRecord> records = new ArrayList<>();
    private final OperatorTerms operator;
    private final ProxyServices services;
    private long version;

    private RunningProxy(Builder builder) throws Exception {
        folder = Files.createTempDirectory("mp");
        transport = Transport.open(2, builder.transport);
        authority = CertificateAuthority.in(folder.resolve("ca"), Clock.systemUTC());
        rules = new RuleBook(_ -> CompletableFuture.failedFuture(new IOException("no credential-service")));
        AddressGuard guard = new AddressGuard(builder.exempt);
        AddressGuard open = new AddressGuard(List.of(Network.parse("0.0.0.0/0"), Network.parse("::/0")));
        UpstreamPool pool = new UpstreamPool(
                transport,
                new Resolver(guard, builder.lookup, waiting),
                new Resolver(open, Resolver.system(), waiting),
                UpstreamTrust.load(Optional.ofNullable(builder.trusted)));
        operator = new OperatorTerms(
                UpstreamMap.parse(builder.upstreams),
                builder.passThrough.stream().map(HostPattern::parse).toList(),
                NONE.headers(),
                true,
                CacheTerms.NONE);
        services = new ProxyServices(
                new Leaves(authority, Clock.systemUTC()),
                rules,
                log,
                PRICES,
                () -> operator,
                new WorkspaceGate(
                        HostPort.parse(builder.workspace, 80), false, door -> "identity-of-" + door.sessionId()),
                pool,
                new BlobStore(builder.cache == null ? folder.resolve("cache") : builder.cache, 50_000_000, waiting),
                new MemoryLimit(builder.memory));
        doors = new Doors(folder.resolve("run"), transport, services);
        socket = doors.open(new Door(SESSION, PROJECT, terms(builder.allow.toArray(String[]::new))));
        relay = new TcpToDoor(socket);
        entrance = new TcpEntrance(
                new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0),
                doors,
                tokens,
                transport,
                services);
        rules(new InjectionRule[0]);
    }

    /** What a test sets before the start. */
    public static final class Builder {
        private String upstreams = "";
        private String workspace = "127.0.0.1:1";
        private @org.jspecify.annotations.Nullable Path trusted;
        private List<String> allow = List.of();
        private List<String> passThrough = List.of();
        private @org.jspecify.annotations.Nullable Path cache;
        private List<Network> exempt = List.of();
        private Resolver.Lookup lookup = Resolver.system();
        private long memory = 256 << 20;
        private Transport.Kind transport = Transport.Kind.EPOLL;

        /** How sockets are read and written, if this machine has it. */
        public Builder transport(Transport.Kind kind) {
            transport = kind;
            return this;
        }

        /** What all sessions together may hold. */
        public Builder memory(long bytes) {
            memory = bytes;
            return this;
        }

        public Builder upstreams(String text) {
            upstreams = text;
            return this;
        }

        public Builder workspace(String hostPort) {
            workspace = hostPort;
            return this;
        }

        public Builder trusting(TestOriginCertificates certificates) {
            trusted = certificates.pem();
            return this;
        }

        public Builder allowing(String... patterns) {
            allow = List.of(patterns);
            return this;
        }

        /** Where bodies that never change are kept, so that a second proxy finds them. */
        public Builder caching(Path folder) {
            cache = folder;
            return this;
        }

        /** Addresses that the operator opened, as for mirrors inside a company's network. */
        public Builder exempting(List<Network> networks) {
            exempt = List.copyOf(networks);
            return this;
        }

        public Builder passing(String... patterns) {
            passThrough = List.of(patterns);
            return this;
        }

        public Builder resolvingBy(Resolver.Lookup changed) {
            lookup = changed;
            return this;
        }

        public RunningProxy start() throws Exception {
            return new RunningProxy(this);
        }
    }

    /** The terms of a session of user-1 in workspace-1 that may reach these hosts. */
    public static Terms terms(String... patterns) {
        EgressPolicy policy = new EgressPolicy(Stream.of(patterns)
                .map(text -> new EgressPolicy.Rule("test", HostPattern.parse(text)))
                .toList());
        return new Terms(
                policy, new RuleSubject("user-1", "workspace-1", "claude-code", null), NONE.headers(), Purse.open());
    }

    /** Replaces the project's rules. */
    public void rules(InjectionRule... changed) {
        rules.learn(PROJECT, new InjectionRules(++version, List.of(changed)));
    }

    /** As if credential-service had never answered. */
    public void forgetRules() {
        rules.forget(PROJECT);
    }

    public static InjectionRule set(String host, String name, String value) {
        return new InjectionRule(
                "rule-" + name + host,
                "test",
                host,
                null,
                "set",
                name,
                value,
                List.of(),
                RuleScope.PROJECT,
                "credential-of-" + name);
    }

    public Doors doors() {
        return doors;
    }

    /** What the handlers of this proxy work with. */
    public ProxyServices services() {
        return services;
    }

    /** How many bodies are in the store; one gets there a little after its client has it. */
    public long stored() {
        return Objects.requireNonNull(services.blobs()).stats().entries();
    }

    public Path socket() {
        return socket;
    }

    /** The port where clients have to show a token. */
    public int tcpPort() {
        return entrance.port();
    }

    /** A session's password at that port. */
    public String tokenOf(String session) {
        return tokens.of(session, PROJECT);
    }

    public int relayPort() {
        return relay.port();
    }

    /** The authority's certificate as a file, for command line clients. */
    public Path authorityFile() {
        return folder.resolve("ca").resolve("ca.pem");
    }

    public SSLContext clientTls() throws Exception {
        return TestOriginCertificates.clientTrusting(authority.certificate());
    }

    /** A JDK client that goes out by this proxy and trusts it. */
    public HttpClient client(HttpClient.Version version) throws Exception {
        return HttpClient.newBuilder()
                .version(version)
                .proxy(ProxySelector.of(new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), relay.port())))
                .sslContext(clientTls())
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    /** A connection straight to the session's socket. */
    public SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
    }

    /** All records so far; the first one is waited for, since it is written after the client has its answer. */
    public synchronized List<EgressRecord> records() throws InterruptedException {
        List<EgressRecord> batch = log.take(records.isEmpty() ? Duration.ofSeconds(10) : Duration.ofMillis(500));
        while (!batch.isEmpty()) {
            records.addAll(batch);
            batch = log.take(Duration.ofMillis(300));
        }
        return List.copyOf(records);
    }

    @Override
    public void close() throws IOException {
        relay.close();
        entrance.close();
        doors.close();
        transport.close();
        waiting.shutdownNow();
        System.gc();
        java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        // The detector reports a leak when the next buffer is made.
        for (int i = 0; i < 200; i++) {
            io.netty.buffer.PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        if (!LEAKS.isEmpty()) {
            throw new AssertionError("leaked buffers: " + LEAKS);
        }
    }
}
