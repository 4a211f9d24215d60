package dev.slipway.session.bench;

import dev.slipway.session.testing.Suite;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Turns while replicas of session-service are killed with SIGKILL and clients leave at random. Two replicas are processes of
 * their own that die again and again; viewers, three per turn, are connected to these and come back with the last id they
 * saw. Each viewer must end with the same bytes, and those with what the agent's journal holds.
 */
public final class ChatChaos {
    private static final List<String> OPTIONS = List.of("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Suite suite;
    private final List<ServiceProcess> replicas;
    private final Random random = new Random(20);
    private final List<Long> recoveries = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger leaves = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    private ChatChaos(Suite suite, List<ServiceProcess> replicas) {
        this.suite = suite;
        this.replicas = replicas;
    }

    /** Arguments: turns in all (200), sessions at once (10). */
    public static void main(String[] arguments) throws Exception {
        int turns = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        int sessions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        int failures;
        try (Suite suite = new Suite(Map.of())) {
            List<ServiceProcess> replicas = new CopyOnWriteArrayList<>(
                    List.of(ServiceProcess.start(suite, OPTIONS), ServiceProcess.start(suite, OPTIONS)));
            ChatChaos chaos = new ChatChaos(suite, replicas);
            failures = chaos.run(turns, sessions);
            replicas.forEach(replica -> replica.process().destroyForcibly());
        }
        System.exit(failures == 0 ? 0 : 1);
    }

    private int run(int turns, int sessions) throws Exception {
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> killer = threads.submit(this::killAgainAndAgain);
            List<Future<?>> working = new ArrayList<>();
            for (int s = 0; s < sessions; s++) {
                String session = suite.readySession();
                working.add(threads.submit(() -> {
                    for (int t = 0; t < turns / sessions; t++) {
                        turn(threads, session, "m" + t, failures);
                    }
                    return null;
                }));
            }
            for (Future<?> work : working) {
                work.get();
            }
            over.set(true);
            killer.get();
        }
        Collections.sort(recoveries);
        System.out.printf(
                "%d turns, %d viewers; %d kills of a replica, %d clients that left; %d turns wrong%n",
                turns, turns * 3, kills.get(), leaves.get(), failures.size());
        if (!recoveries.isEmpty()) {
            System.out.printf(
                    "seconds from a broken stream to its next frame: median %.2f, longest %.2f, of %d%n",
                    recoveries.get(recoveries.size() / 2) / 1e9, recoveries.getLast() / 1e9, recoveries.size());
        }
        failures.forEach(System.out::println);
        return failures.size();
    }

    private void turn(ExecutorService threads, String session, String message, List<String> failures) throws Exception {
        List<Future<String>> viewers = new ArrayList<>();
        for (int v = 0; v < 3; v++) {
            viewers.add(threads.submit(() -> watch(session, message)));
        }
        String first = viewers.getFirst().get();
        for (Future<String> viewer : viewers) {
            if (!viewer.get().equals(first)) {
                failures.add(session + " " + message + ": viewers saw different bytes");
            }
        }
        String turn = first.substring(4, Math.max(4, first.indexOf(':', 4)));
        StringBuilder text = new StringBuilder();
        first.lines()
                .filter(line -> line.contains("\"text-delta\""))
                .forEach(line -> text.append(line.replaceAll(".*\"delta\":\"(.*)\"}", "$1")));
        String said = suite.peers().agent(session).said(turn);
        if (said.isEmpty()
                || !text.toString().replace("\\uD83D\\uDE80", "\ud83d\ude80").equals(said)) {
            failures.add(
                    session + " " + message + ": not what the agent said, " + text.length() + " of " + said.length());
        }
    }

    /** Watches a turn from whichever replica answers, to its end; gives its frames. */
    private String watch(String session, String message) throws Exception {
        StringBuilder seen = new StringBuilder();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String lastId = null;
        long broken = 0;
        while (System.nanoTime() < deadline) {
            ServiceProcess replica = replicas.get(random.nextInt(replicas.size()));
            int leaveAfter = random.nextInt(10) == 0 ? random.nextInt(20) : Integer.MAX_VALUE;
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), replica.port());
                    BufferedReader lines = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(request(session, message, lastId));
                String id = null;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data: [DONE]")) {
                        return seen.toString();
                    } else if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data: ") && id != null) {
                        seen.append("id: ").append(id).append('\n').append(line).append("\n\n");
                        lastId = id;
                        if (broken != 0) {
                            recoveries.add(System.nanoTime() - broken);
                            broken = 0;
                        }
                        if (--leaveAfter <= 0) {
                            leaves.incrementAndGet();
                            break;
                        }
                    }
                }
            } catch (IOException _) {
                // Killed, or not up yet.
            }
            broken = broken == 0 ? System.nanoTime() : broken;
            Thread.sleep(50);
        }
        return "not over: " + seen;
    }

    /** The first request posts the message, the others come back; a client that knows no id posts it again. */
    private byte[] request(String session, String message, @Nullable String lastId) throws IOException {
        if (lastId == null) {
            return suite.raw("POST", "/chat", Suite.message(session, message, "say 60 20"));
        }
        String post = new String(suite.raw("GET", "/chat/" + session + "/stream", Map.of()), StandardCharsets.UTF_8);
        return post.replaceFirst("Host: localhost\r\n", "Host: localhost\r\nLast-Event-ID: " + lastId + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private Object killAgainAndAgain() throws Exception {
        while (!over.get()) {
            Thread.sleep(2_000 + random.nextInt(2_000));
            int victim = random.nextInt(replicas.size());
            replicas.get(victim).process().destroyForcibly().waitFor();
            kills.incrementAndGet();
            replicas.set(victim, ServiceProcess.start(suite, OPTIONS));
        }
        return "over";
    }
}
