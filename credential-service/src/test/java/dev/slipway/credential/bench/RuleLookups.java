package dev.slipway.credential.bench;

import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.kit.identity.Role;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast mitm-proxy gets a project's rules: over HTTP, signed, from a real database, with as many credentials as a team has
 * (ten of the project, two of each of five users). One client asks at a steady pace, so that a slow answer delays nobody's
 * measurement of the next one, and then as fast as it can.
 */
public final class RuleLookups {
    private static final int WARM = 20_000;
    private static final int MEASURED = 20_000;
    private static final long PACE_NANOS = 1_000_000;

    private RuleLookups() {}

    /** Prints a line of Markdown. */
    public static void main(String[] arguments) throws IOException {
        try (ServiceUnderTest service = new ServiceUnderTest()) {
            fill(service);
            int rules = service.rules().split("\"id\":", -1).length - 1;
            run(service, WARM, 0);
            double load = processor();
            long begin = System.nanoTime();
            long[] paced = run(service, MEASURED, PACE_NANOS);
            double seconds = (System.nanoTime() - begin) / 1e9;
            double share = (processor() - load) / seconds;
            begin = System.nanoTime();
            run(service, MEASURED, 0);
            double rate = MEASURED / ((System.nanoTime() - begin) / 1e9);
            System.out.printf(
                    "| %d | %.0f | %.2f | %.2f | %.2f | %.2f | %.0f |%n",
                    rules,
                    MEASURED / seconds,
                    quantile(paced, 0.5),
                    quantile(paced, 0.99),
                    quantile(paced, 0.999),
                    share,
                    rate);
        }
        // Kafka's threads would keep the process.
        Runtime.getRuntime().exit(0);
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

    /** Milliseconds of each; measured from when it was due, not from when it was sent. */
    private static long[] run(ServiceUnderTest service, int number, long paceNanos) {
        long[] took = new long[number];
        long start = System.nanoTime();
        for (int i = 0; i < number; i++) {
            long due = paceNanos == 0 ? System.nanoTime() : start + i * paceNanos;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
            }
            service.rules();
            took[i] = System.nanoTime() - due;
        }
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
