package dev.slipway.session.bench;

import dev.slipway.session.testing.Suite;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a chunk takes from an agent's journal to a viewer, with many turns at once, and how long the replay of a long turn
 * takes. Agent, service and viewers share this process; Postgres and Kafka are real.
 */
public final class ChatLatency {
    private static final Pattern STAMP = Pattern.compile("@(\\d+)@");

    private ChatLatency() {}

    /** Arguments: turns at once (100), seconds (5), chunks of the long turn (10000). */
    public static void main(String[] arguments) throws Exception {
        int turns = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        int chunks = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10_000;
        Map<String, Object> more = Map.of("datasources.default.maximum-pool-size", "20");
        try (Suite suite = new Suite(more);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> sessions = sessions(suite, turns);
            long[] latencies = measure(suite, threads, sessions, seconds);
            System.out.printf(
                    "%d turns of 50 chunks/s for %d s: %d chunks, added latency p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
                    turns,
                    seconds,
                    latencies.length,
                    millis(latencies, 0.5),
                    millis(latencies, 0.99),
                    millis(latencies, 1));
            replay(suite, chunks);
            System.out.printf(
                    "heap after all of it: %d MB; load average %.1f on %d processors%n",
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20,
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                    Runtime.getRuntime().availableProcessors());
        }
        System.exit(0);
    }

    private static List<String> sessions(Suite suite, int count) throws Exception {
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

    private static long[] measure(Suite suite, ExecutorService threads, List<String> sessions, int seconds)
            throws Exception {
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        long cpu = cpu();
        long began = System.nanoTime();
        List<Future<?>> viewers = new ArrayList<>();
        for (String session : sessions) {
            viewers.add(threads.submit(() -> watch(suite, session, "stamp " + seconds * 50 + " 20", latencies)));
        }
        for (Future<?> viewer : viewers) {
            viewer.get();
        }
        double took = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "CPU of agent, service, Kafka and viewers together: %.0f %% of one processor%n",
                100 * (cpu() - cpu) / 1e9 / took);
        long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private static int watch(Suite suite, String session, String prompt, ConcurrentLinkedQueue<Long> latencies)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), suite.port());
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.getOutputStream().write(suite.raw("POST", "/chat", Suite.message(session, "m1", prompt)));
            int seen = 0;
            for (String line = lines.readLine(); line != null && !line.contains("[DONE]"); line = lines.readLine()) {
                Matcher stamp = STAMP.matcher(line);
                if (line.contains("text-delta") && stamp.find()) {
                    latencies.add(System.nanoTime() - Long.parseLong(stamp.group(1)));
                    seen++;
                }
            }
            return seen;
        }
    }

    private static void replay(Suite suite, int chunks) throws IOException {
        String session = suite.readySession();
        ConcurrentLinkedQueue<Long> ignored = new ConcurrentLinkedQueue<>();
        watch(suite, session, "say " + chunks + " 0", ignored);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long began = System.nanoTime();
            // The same message again joins its turn, which is over: the whole of it is replayed.
            watch(suite, session, "say " + chunks + " 0", ignored);
            times.add(Duration.ofNanos(System.nanoTime() - began).toMillis());
        }
        System.out.printf("replay of a turn of %d chunks: %s ms%n", chunks, times);
    }

    private static long cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    private static double millis(long[] sorted, double part) {
        int place = Math.min(sorted.length - 1, (int) (sorted.length * part));
        return sorted.length == 0 ? Double.NaN : sorted[place] / 1e6;
    }
}
