package dev.slipway.credential.bench;

import dev.slipway.credential.testing.ProxyStandIn;
import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.credential.testing.TestTokens;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.identity.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast mitm-proxy gets a project's rules: over HTTP, signed, from a service in another process on a real database, with as
 * many credentials as a team has (ten of the project, two of each of five users). Four connections ask at a steady pace of
 * 1,000 a second together, and then as fast as they can.
 */
public final class RuleLookups {
    private static final int WARM = 60_000;
    private static final int WARM_PACED = 45_000;
    private static final int WARM_OURSELVES = 5_000;
    private static final int MEASURED = 15_000;
    private static final int CLIENTS = 4;
    private static final int CHANGES = 100;
    private static final long PACE_NANOS = 1_000_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ProxyStandIn proxy;
    private final int port;
    private final long pid;
    private final String key;

    private RuleLookups(ProxyStandIn proxy, int port, long pid, String key) {
        this.proxy = proxy;
        this.port = port;
        this.pid = pid;
        this.key = key;
    }

    /**
     * Stores the credentials and asks until the service is warm, or measures it then: prints a line of a Markdown table, and a sentence.
     *
     * @param arguments {@code warm}, {@code measure}, or {@code floor} for the pace alone against any server, the port where mitm-proxy is stood in for, the service's port and its process
     *     id; the key is in {@code SLIPWAY_INTERNAL_KEY}
     */
    @SuppressWarnings("CatchAndPrintStackTrace") // the end of a program
    public static void main(String[] arguments) {
        try (ProxyStandIn proxy = new ProxyStandIn(Integer.parseInt(arguments[1]))) {
            RuleLookups lookups = new RuleLookups(
                    proxy,
                    Integer.parseInt(arguments[2]),
                    Long.parseLong(arguments[3]),
                    System.getenv("SLIPWAY_INTERNAL_KEY"));
            switch (arguments[0]) {
                case "warm" -> lookups.warm();
                case "floor" -> lookups.floor();
                default -> lookups.measure();
            }
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().exit(0);
    }

    /**
     * Long enough for the compiler to be done: at full speed, with changes between, which make it compile anew, and at the pace, which
     * is other code to it.
     */
    private void warm() {
        fill();
        run(WARM, 0);
        changes();
        run(WARM, 0);
        run(WARM_PACED, PACE_NANOS);
        changes();
        run(WARM_PACED, PACE_NANOS);
    }

    private void measure() {
        String answer = call(ServiceUnderTest.proxyOf(ServiceUnderTest.PROJECT), "GET", "/rules", "");
        int rules = answer.split("\"id\":", -1).length - 1;
        run(WARM_OURSELVES, PACE_NANOS);
        double used = processor();
        long begin = System.nanoTime();
        long[] paced = run(MEASURED, PACE_NANOS);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double busy = (processor() - used) / seconds;
        used = processor();
        begin = System.nanoTime();
        run(MEASURED, 0);
        double most = MEASURED / ((System.nanoTime() - begin) / 1e9);
        double each = (processor() - used) / MEASURED;
        System.out.printf(
                "| %d | %.0f | %.2f | %.2f | %.2f | %.2f | %.0f %% | %.0f | %.3f |%n",
                rules,
                MEASURED / seconds,
                quantile(paced, 0.5),
                quantile(paced, 0.99),
                quantile(paced, 0.999),
                quantile(paced, 1),
                100 * busy,
                most,
                each * 1000);
        long[] changes = changes();
        System.out.printf(
                "%nA change until the proxy has it, %d changes: median %.0f ms, p99 %.0f ms, longest %.0f ms.%n",
                changes.length, quantile(changes, 0.5), quantile(changes, 0.99), quantile(changes, 1));
    }

    /** The same pace against a server that only answers: what the machine and this generator add by themselves. */
    private void floor() {
        run(WARM_OURSELVES, PACE_NANOS);
        long[] paced = run(MEASURED, PACE_NANOS);
        System.out.printf(
                "%nThe same pace against nginx on that core, which answers as many bytes from a file: median %.2f, p99 %.2f, p99.9 %.2f,"
                        + " longest %.2f ms.%n",
                quantile(paced, 0.5), quantile(paced, 0.99), quantile(paced, 0.999), quantile(paced, 1));
    }

    private void fill() {
        for (String provider : new String[] {"anthropic", "openai", "google", "github", "gitlab"}) {
            admin("POST", "/credentials", "{\"provider\":\"" + provider + "\",\"apiKey\":\"secret-of-it\"}");
            for (int user = 0; user < 2; user++) {
                call(
                        ServiceUnderTest.user("user-" + provider + user, Role.MEMBER),
                        "POST",
                        "/credentials",
                        "{\"provider\":\"" + provider + "\",\"apiKey\":\"mine\",\"personal\":true}");
            }
        }
        for (int i = 0; i < 5; i++) {
            admin(
                    "POST",
                    "/credentials",
                    "{\"provider\":\"c" + i + "\",\"apiKey\":\"k\",\"host\":\"h" + i
                            + ".example.com\",\"header\":\"A\"}");
        }
    }

    /** Nanoseconds from the answer to a change, a new value or a deletion in turn, until the proxy was told. */
    private long[] changes() {
        long[] took = new long[CHANGES];
        for (int i = 0; i < CHANGES; i++) {
            int told = proxy.pushed.size();
            String marker = "changed-" + i;
            boolean store = i % 2 == 0;
            String answer = store
                    ? admin(
                            "POST",
                            "/credentials",
                            "{\"provider\":\"npm\",\"host\":\"n.example.com\",\"apiKey\":\"" + marker + "\"}")
                    : admin("DELETE", "/credentials/npm", "");
            long begin = System.nanoTime();
            while (proxy.pushed.size() == told
                    || proxy.pushed.getLast().contains(marker) != store
                    || (!store && proxy.pushed.getLast().contains("n.example.com"))) {
                LockSupport.parkNanos(100_000);
                if (System.nanoTime() - begin > 10_000_000_000L) {
                    throw new IllegalStateException("the proxy was not told of " + answer);
                }
            }
            took[i] = System.nanoTime() - begin;
        }
        Arrays.sort(took);
        return took;
    }

    /**
     * Nanoseconds of each lookup, sorted; of those at a pace from when it was due, not from when it was sent. Several connections
     * ask, as those of several proxies do.
     */
    private long[] run(int number, long paceNanos) {
        long[] took = new long[number];
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        List<Thread> clients = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            Thread thread = Thread.ofPlatform().unstarted(() -> ask(took, next, start, paceNanos));
            thread.setUncaughtExceptionHandler((_, failure) -> {
                synchronized (failures) {
                    failures.add(failure);
                }
            });
            thread.start();
            clients.add(thread);
        }
        for (Thread client : clients) {
            join(client);
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a lookup failed", failures.getFirst());
        }
        Arrays.sort(took);
        return took;
    }

    private void ask(long[] took, AtomicInteger next, long start, long paceNanos) {
        try (KeptConnection connection = new KeptConnection(port, key)) {
            for (int i = next.getAndIncrement(); i < took.length; i = next.getAndIncrement()) {
                long due = paceNanos == 0 ? System.nanoTime() : start + i * paceNanos;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
                }
                connection.ask();
                took[i] = System.nanoTime() - due;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String admin(String method, String path, String body) {
        return call(ServiceUnderTest.user(Role.ADMIN), method, path, body);
    }

    private String call(Caller caller, String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + port + "/internal/projects/" + ServiceUnderTest.PROJECT + path))
                .header(IdentityTokens.HEADER, TestTokens.sign(caller, "credential-service", key))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IllegalStateException(
                        method + " " + path + ": " + response.statusCode() + " " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static double quantile(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
    }

    /** Seconds of processor time of the service. */
    private double processor() {
        return ProcessHandle.of(pid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElseThrow(() -> new IllegalStateException("the service has ended"))
                        .toMillis()
                / 1e3;
    }
}
