package dev.slipway.credential.bench;

import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.kit.identity.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast mitm-proxy gets a project's rules: over HTTP, signed, from a real database, with as many credentials as a team has
 * (ten of the project, two of each of five users). Four clients ask at a steady pace of 1,000 a second together, and then as
 * fast as they can.
 */
public final class RuleLookups {
    private static final int WARM = 30_000;
    private static final int MEASURED = 6_000;
    private static final int CLIENTS = 4;
    private static final int CHANGES = 100;
    private static final long PACE_NANOS = 1_000_000;

    private RuleLookups() {}

    /** Prints a line of a Markdown table, and a sentence. */
    @SuppressWarnings("CatchAndPrintStackTrace") // the end of a program
    public static void main(String[] arguments) {
        try {
            measure();
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        // Kafka's threads would keep the process.
        Runtime.getRuntime().exit(0);
    }

    private static void measure() throws IOException {
        try (ServiceUnderTest service = new ServiceUnderTest()) {
            fill(service);
            int rules = service.rules().split("\"id\":", -1).length - 1;
            run(service, WARM, 0);
            long begin = System.nanoTime();
            long[] paced = run(service, MEASURED, PACE_NANOS);
            double asked = MEASURED / ((System.nanoTime() - begin) / 1e9);
            double load = processor();
            begin = System.nanoTime();
            run(service, MEASURED, 0);
            double most = MEASURED / ((System.nanoTime() - begin) / 1e9);
            double each = (processor() - load) / MEASURED;
            System.out.printf(
                    "| %d | %.0f | %.2f | %.2f | %.2f | %.0f | %.2f |%n",
                    rules,
                    asked,
                    quantile(paced, 0.5),
                    quantile(paced, 0.99),
                    quantile(paced, 0.999),
                    most,
                    each * 1000);
            long[] changes = changes(service);
            System.out.printf(
                    "%nA change until the proxy has it, %d changes: median %.0f ms, p99 %.0f ms, longest %.0f ms.%n",
                    changes.length, quantile(changes, 0.5), quantile(changes, 0.99), quantile(changes, 1));
        }
    }

    private static void fill(ServiceUnderTest service) {
        for (String provider : new String[] {"anthropic", "openai", "google", "github", "gitlab"}) {
            service.admin("POST", "/credentials", "{\"provider\":\"" + provider + "\",\"apiKey\":\"secret-of-it\"}");
            for (int user = 0; user < 2; user++) {
                service.call(
                        ServiceUnderTest.user("user-" + provider + user, Role.MEMBER),
                        "POST",
                        ServiceUnderTest.PROJECT,
                        "/credentials",
                        "{\"provider\":\"" + provider + "\",\"apiKey\":\"mine\",\"personal\":true}");
            }
        }
        for (int i = 0; i < 5; i++) {
            service.admin(
                    "POST",
                    "/credentials",
                    "{\"provider\":\"c" + i + "\",\"apiKey\":\"k\",\"host\":\"h" + i
                            + ".example.com\",\"header\":\"A\"}");
        }
    }

    /** Nanoseconds from the answer to a change, a new value or a deletion in turn, until the proxy was told. */
    private static long[] changes(ServiceUnderTest service) {
        long[] took = new long[CHANGES];
        for (int i = 0; i < CHANGES; i++) {
            int told = service.proxy.pushed.size();
            String marker = "changed-" + i;
            boolean store = i % 2 == 0;
            String answer = store
                    ? service.admin(
                                    "POST",
                                    "/credentials",
                                    "{\"provider\":\"npm\",\"host\":\"n.example.com\",\"apiKey\":\"" + marker + "\"}")
                            .body()
                    : service.admin("DELETE", "/credentials/npm", "").body();
            long begin = System.nanoTime();
            while (service.proxy.pushed.size() == told
                    || service.proxy.pushed.getLast().contains(marker) != store
                    || (!store && service.proxy.pushed.getLast().contains("n.example.com"))) {
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
     * Nanoseconds of each lookup, sorted; of those at a pace from when it was due, not from when it was sent. Several clients ask,
     * as the requests of several sessions do.
     */
    private static long[] run(ServiceUnderTest service, int number, long paceNanos) {
        long[] took = new long[number];
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            clients.add(Thread.ofPlatform().start(() -> {
                for (int i = next.getAndIncrement(); i < number; i = next.getAndIncrement()) {
                    long due = paceNanos == 0 ? System.nanoTime() : start + i * paceNanos;
                    while (System.nanoTime() < due) {
                        LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
                    }
                    service.rules();
                    took[i] = System.nanoTime() - due;
                }
            }));
        }
        clients.forEach(client -> {
            try {
                client.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Arrays.sort(took);
        return took;
    }

    private static double quantile(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
    }

    /** Seconds of processor time of this process, client and broker included. */
    private static double processor() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }
}
