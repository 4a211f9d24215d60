package dev.slipway.session.bench;

import dev.slipway.kit.testing.EmbeddedServers;
import dev.slipway.session.testing.Suite;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * How long a chunk takes from an agent's journal to a viewer, with many turns at once, and how long the replay of a long turn
 * takes. The service is a process of its own, with the options that it has in a stack; agents, viewers and Kafka share this one;
 * Postgres waits for its disk.
 */
public final class ChatLatency {
    /** Between the beginnings of two turns. */
    private static final Duration SPREAD = Duration.ofMillis(20);

    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final String OPTIONS =
            "-XX:+UseSerialGC -Djdk.virtualThreadScheduler.parallelism=64 -Xmx256m --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow";

    private final Suite suite;
    private final ServiceProcess service;
    private final ProcessHandle postgres;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private ChatLatency(Suite suite, ServiceProcess service, ProcessHandle postgres) {
        this.suite = suite;
        this.service = service;
        this.postgres = postgres;
    }

    /**
     * Arguments: turns at once (100), seconds (10), chunks of the long turn (10000), viewers of one session (1000). The property
     * {@code bench.service.jvm} has other options for the service's JVM.
     */
    public static void main(String[] arguments) throws Exception {
        int turns = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        int chunks = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10_000;
        int viewers = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1_000;
        List<String> options =
                List.of(System.getProperty("bench.service.jvm", OPTIONS).split(" ", -1));
        try (Suite suite = new Suite(Map.of())) {
            ServiceProcess service = ServiceProcess.start(suite, options);
            suite.leaveTo(service.port());
            try {
                new ChatLatency(suite, service, postgres(suite)).run(turns, seconds, chunks, viewers);
            } finally {
                service.process().destroy();
                service.process().waitFor();
            }
        }
        System.exit(0);
    }

    private static ProcessHandle postgres(Suite suite) throws SQLException {
        String url = String.valueOf(suite.properties().get("datasources.default.url"));
        try (Connection connection = EmbeddedServers.connect(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return ProcessHandle.of(row.getLong(1))
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow();
        }
    }

    private void run(int turns, int seconds, int chunks, int viewers) throws Exception {
        List<String> sessions = sessions(turns);
        // Once for the compiler, as in a service that runs for a while.
        measure(sessions, "m0", (int) WARM_UP.toSeconds(), SPREAD);
        System.out.println(measure(sessions, "m1", seconds, SPREAD));
        System.out.println(measure(sessions, "m2", seconds, Duration.ZERO));
        System.out.println(replay(chunks));
        System.out.println(crowd(viewers, seconds));
        System.out.printf(
                "memory of the service after all of it: %d MB (PSS); load average %.1f on %d processors%n",
                service.megabytes(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.getRuntime().availableProcessors());
    }

    private List<String> sessions(int count) throws Exception {
        List<Future<String>> making = new ArrayList<>();
        try (ExecutorService few = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < count; i++) {
                making.add(few.submit(suite::readySession));
            }
        }
        List<String> sessions = new ArrayList<>();
        for (Future<String> session : making) {
            sessions.add(session.get());
        }
        return sessions;
    }

    private String measure(List<String> sessions, String message, int seconds, Duration spread) throws Exception {
        Latencies latencies = new Latencies();
        Spent before = spent();
        List<Future<Integer>> viewers = new ArrayList<>();
        for (String session : sessions) {
            viewers.add(threads.submit(() -> watch(session, message, "stamp " + seconds * 50 + " 20", latencies)));
            Thread.sleep(spread);
        }
        long allBegun = System.nanoTime();
        long firstEnds = before.at + Duration.ofSeconds(seconds).toNanos();
        int chunks = 0;
        for (Future<Integer> viewer : viewers) {
            chunks += viewer.get();
        }
        if (chunks != sessions.size() * seconds * 50) {
            throw new IllegalStateException(chunks + " chunks seen (expected: " + sessions.size() * seconds * 50 + ")");
        }
        return "%d turns of 50 chunks/s for %d s, begun %s: added latency %s; while all of them run %s; first word after %s; %s"
                .formatted(
                        sessions.size(),
                        seconds,
                        spread.isZero() ? "at once" : spread.toMillis() + " ms apart",
                        latencies.between(0, Long.MAX_VALUE),
                        latencies.between(allBegun + Duration.ofSeconds(1).toNanos(), firstEnds),
                        latencies.firsts(),
                        spent().since(before));
    }

    /** Many viewers of one turn, all from its first chunk on. */
    private String crowd(int viewers, int seconds) throws Exception {
        String session = suite.readySession();
        Latencies latencies = new Latencies();
        Spent before = spent();
        List<Future<Integer>> watching = new ArrayList<>();
        for (int i = 0; i < viewers; i++) {
            watching.add(threads.submit(() -> watch(session, "m1", "stamp " + seconds * 50 + " 20", latencies)));
        }
        int wrong = 0;
        for (Future<Integer> viewer : watching) {
            wrong += viewer.get() == seconds * 50 ? 0 : 1;
        }
        return "%d viewers of one turn of 50 chunks/s for %d s: %d wrong; latency %s; %s"
                .formatted(viewers, seconds, wrong, latencies.between(0, Long.MAX_VALUE), spent().since(before));
    }

    private int watch(String session, String message, String prompt, Latencies latencies) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), suite.port());
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            long asked = System.nanoTime();
            socket.getOutputStream().write(suite.raw("POST", "/chat", Suite.message(session, message, prompt)));
            int seen = 0;
            for (String line = lines.readLine(); line != null && !line.contains("[DONE]"); line = lines.readLine()) {
                int stamp = line.indexOf('@');
                if (stamp > 0) {
                    if (seen == 0) {
                        latencies.first(asked);
                    }
                    latencies.add(Long.parseLong(line, stamp + 1, line.indexOf('@', stamp + 1), 10));
                    seen++;
                }
            }
            return seen;
        }
    }

    private String replay(int chunks) throws IOException {
        String session = suite.readySession();
        Latencies ignored = new Latencies();
        watch(session, "m1", "say " + chunks + " 0", ignored);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long began = System.nanoTime();
            // The same message again joins its turn, which is over: the whole of it is replayed.
            watch(session, "m1", "say " + chunks + " 0", ignored);
            times.add(Duration.ofNanos(System.nanoTime() - began).toMillis());
        }
        return "replay of a turn of %d chunks: %s ms".formatted(chunks, times);
    }

    private Spent spent() {
        Duration database = Stream.concat(Stream.of(postgres), postgres.children())
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
        return new Spent(
                System.nanoTime(),
                service.cpu(),
                database,
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    }

    /** Processor time until a moment. */
    private record Spent(long at, Duration service, Duration database, Duration here) {
        String since(Spent before) {
            double took = (at - before.at) / 1e9;
            return "CPU of the service %.0f %% of one processor, of Postgres %.0f %%, of agents, viewers and Kafka %.0f %%, for %.1f s"
                    .formatted(
                            percent(service, before.service, took),
                            percent(database, before.database, took),
                            percent(here, before.here, took),
                            took);
        }

        private static double percent(Duration now, Duration before, double took) {
            return 100 * now.minus(before).toMillis() / 1e3 / took;
        }
    }

    /** When chunks were emitted, and how long after that they were here. */
    private static final class Latencies {
        private final ConcurrentLinkedQueue<long[]> all = new ConcurrentLinkedQueue<>();

        private final ConcurrentLinkedQueue<Long> firsts = new ConcurrentLinkedQueue<>();

        /** The first chunk of a turn is here. */
        void first(long asked) {
            firsts.add(System.nanoTime() - asked);
        }

        /** How long the first chunk took from the message on. */
        String firsts() {
            long[] sorted = firsts.stream().mapToLong(Long::longValue).sorted().toArray();
            return "p50 %.0f, longest %.0f ms".formatted(at(sorted, 0.5), at(sorted, 1));
        }

        void add(long emitted) {
            all.add(new long[] {emitted, System.nanoTime() - emitted});
        }

        /** Of the chunks that were emitted between these moments. */
        String between(long from, long until) {
            long[] sorted = all.stream()
                    .filter(each -> each[0] >= from && each[0] < until)
                    .mapToLong(each -> each[1])
                    .sorted()
                    .toArray();
            return "p50 %.1f, p99 %.1f, longest %.1f ms (%d chunks)"
                    .formatted(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1), sorted.length);
        }

        private static double at(long[] sorted, double part) {
            int place = Math.min(sorted.length - 1, (int) (sorted.length * part));
            return sorted.length == 0 ? Double.NaN : sorted[place] / 1e6;
        }
    }
}
