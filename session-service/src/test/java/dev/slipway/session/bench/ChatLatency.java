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

/**
 * How long a chunk takes from an agent's journal to a viewer, with many turns at once, and how long the replay of a long turn
 * takes. Agent, service and viewers share this process; Postgres and Kafka are real.
 */
public final class ChatLatency {
    /** Between the beginnings of two turns. */
    private static final Duration SPREAD = Duration.ofMillis(20);

    private ChatLatency() {}

    /** Arguments: turns at once (100), seconds (5), chunks of the long turn (10000), viewers of one session (1000). */
    public static void main(String[] arguments) throws Exception {
        int turns = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        int chunks = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10_000;
        int viewers = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1_000;
        try (Suite suite = new Suite(Map.of());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> sessions = sessions(suite, turns);
            // Once for the compiler, as in a service that runs for a while.
            measure(suite, threads, sessions, "m0", 2, SPREAD);
            print("begun one after the other", measure(suite, threads, sessions, "m1", seconds, SPREAD));
            print("all begun at once", measure(suite, threads, sessions, "m2", seconds, Duration.ZERO));
            replay(suite, chunks);
            crowd(suite, threads, viewers, seconds);
            System.out.printf(
                    "heap after all of it: %d MB; load average %.1f on %d processors%n",
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20,
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                    Runtime.getRuntime().availableProcessors());
        }
        System.exit(0);
    }

    private static void print(String what, long[] latencies) {
        System.out.printf(
                "%s: %d chunks, added latency p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
                what, latencies.length, millis(latencies, 0.5), millis(latencies, 0.99), millis(latencies, 1));
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

    private static long[] measure(
            Suite suite, ExecutorService threads, List<String> sessions, String message, int seconds, Duration spread)
            throws Exception {
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        long cpu = cpu();
        long began = System.nanoTime();
        List<Future<?>> viewers = new ArrayList<>();
        for (String session : sessions) {
            viewers.add(
                    threads.submit(() -> watch(suite, session, message, "stamp " + seconds * 50 + " 20", latencies)));
            Thread.sleep(spread);
        }
        for (Future<?> viewer : viewers) {
            viewer.get();
        }
        double took = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%d turns of 50 chunks/s for %d s each; CPU of agent, service, Kafka and viewers: %.0f %% of one processor, for %.1f s%n",
                sessions.size(), seconds, 100 * (cpu() - cpu) / 1e9 / took, took);
        long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    /** Many viewers of one turn, all from its first chunk on. */
    private static void crowd(Suite suite, ExecutorService threads, int viewers, int seconds) throws Exception {
        String session = suite.readySession();
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        long cpu = cpu();
        long began = System.nanoTime();
        List<Future<Integer>> watching = new ArrayList<>();
        for (int i = 0; i < viewers; i++) {
            watching.add(threads.submit(() -> watch(suite, session, "m1", "stamp " + seconds * 50 + " 20", latencies)));
        }
        int wrong = 0;
        for (Future<Integer> viewer : watching) {
            wrong += viewer.get() == seconds * 50 ? 0 : 1;
        }
        double took = (System.nanoTime() - began) / 1e9;
        long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%d viewers of one turn of 50 chunks/s for %d s: %d wrong; latency p50 %.1f ms, p99 %.1f ms; CPU %.0f %%, %.1f s%n",
                viewers,
                seconds,
                wrong,
                millis(sorted, 0.5),
                millis(sorted, 0.99),
                100 * (cpu() - cpu) / 1e9 / took,
                took);
    }

    private static int watch(
            Suite suite, String session, String message, String prompt, ConcurrentLinkedQueue<Long> latencies)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), suite.port());
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.getOutputStream().write(suite.raw("POST", "/chat", Suite.message(session, message, prompt)));
            int seen = 0;
            for (String line = lines.readLine(); line != null && !line.contains("[DONE]"); line = lines.readLine()) {
                int stamp = line.indexOf('@');
                if (stamp > 0) {
                    latencies.add(
                            System.nanoTime() - Long.parseLong(line, stamp + 1, line.indexOf('@', stamp + 1), 10));
                    seen++;
                }
            }
            return seen;
        }
    }

    private static void replay(Suite suite, int chunks) throws IOException {
        String session = suite.readySession();
        ConcurrentLinkedQueue<Long> ignored = new ConcurrentLinkedQueue<>();
        watch(suite, session, "m1", "say " + chunks + " 0", ignored);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long began = System.nanoTime();
            // The same message again joins its turn, which is over: the whole of it is replayed.
            watch(suite, session, "m1", "say " + chunks + " 0", ignored);
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
