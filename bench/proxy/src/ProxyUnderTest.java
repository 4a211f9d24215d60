import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.mitm.address.AddressGuard;
import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.Network;
import dev.slipway.mitm.address.Resolver;
import dev.slipway.mitm.authority.CertificateAuthority;
import dev.slipway.mitm.authority.Leaves;
import dev.slipway.mitm.authority.UpstreamTrust;
import dev.slipway.mitm.door.DoorTokens;
import dev.slipway.mitm.door.Doors;
import dev.slipway.mitm.door.TcpEntrance;
import dev.slipway.mitm.inject.RuleBook;
import dev.slipway.mitm.inject.RuleSet;
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
import dev.slipway.mitm.wire.UpstreamPool;
import dev.slipway.mitm.wire.WorkspaceGate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * The data path of mitm-proxy as the service puts it together, with policy, twenty injection rules and the egress log switched on: each
 * record is taken from the queue and written as JSON, as the service does for Kafka. Arguments: folder, port, the origin's root
 * certificate, threads.
 */
public final class ProxyUnderTest {
    private ProxyUnderTest() {}

    /** Runs until it is ended; writes the session's token to {@code token} in the folder. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        var waiting = Executors.newVirtualThreadPerTaskExecutor();
        Transport transport = Transport.open(
                Integer.parseInt(arguments[3]),
                Transport.Kind.valueOf(System.getProperty("transport", "epoll").toUpperCase(Locale.ROOT)));
        var authority = CertificateAuthority.in(folder.resolve("ca"), Clock.systemUTC());
        var rules = new RuleBook(_ -> CompletableFuture.failedFuture(new IllegalStateException("no source")));
        rules.learn("p", new InjectionRules(1, IntStream.range(0, 20).mapToObj(ProxyUnderTest::rule).toList()));
        EgressLog log = new EgressLog(20_000);
        Resolver resolver = new Resolver(
                new AddressGuard(List.of(Network.parse("127.0.0.0/8"))),
                _ -> List.of(InetAddress.getLoopbackAddress()),
                waiting);
        ProxyServices services = new ProxyServices(
                new Leaves(authority, Clock.systemUTC()),
                rules,
                log,
                new PriceTable(List.of()),
                () -> OperatorTerms.NONE,
                new WorkspaceGate(HostPort.parse("127.0.0.1:1", 0), false, _ -> ""),
                new UpstreamPool(transport, resolver, resolver, UpstreamTrust.load(Optional.of(Path.of(arguments[2])))),
                null,
                new MemoryLimit(256 << 20));
        Doors doors = new Doors(folder.resolve("run"), transport, services);
        var policy = new EgressPolicy(List.of(
                new EgressPolicy.Rule("group:git", HostPattern.parse("github.com")),
                new EgressPolicy.Rule("session", HostPattern.parse("*.bench.test"))));
        doors.open(new Door(
                "s",
                "p",
                new Terms(
                        policy,
                        new RuleSubject("u", "w", "claude-code", null),
                        RuleSet.of(new InjectionRules(0, List.of())),
                        Purse.open())));
        DoorTokens tokens = new DoorTokens(new byte[32]);
        new TcpEntrance(
                new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1])), doors, tokens, transport, services);
        Files.writeString(folder.resolve("token"), tokens.of("s", "p"));
        JsonMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();
        long bytes = 0;
        while (true) {
            for (var record : log.take(Duration.ofSeconds(1))) {
                bytes += json.writeValueAsBytes(record).length;
            }
            if (bytes < 0) {
                return;
            }
        }
    }

    private static InjectionRule rule(int number) {
        String host = number == 0 ? "*.bench.test" : "host" + number + ".example.com";
        return new InjectionRule("r" + number, "x", host, null, "set", "X-Key", "secret", List.of());
    }
}
