package dev.slipway.credential.rotation;

import static dev.slipway.credential.testing.ServiceUnderTest.KEY;
import static dev.slipway.credential.testing.ServiceUnderTest.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.credential.Application;
import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.credential.testing.SoftHsm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that changes the master key is killed in the middle, while others read and write. */
class KilledRotationTest {
    private static final String NEW_KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f91";
    /** Between two lookups: load, but not so much that the rotation starves. */
    private static final long LOOKUP_PAUSE_NANOS = 20_000_000;

    /** Between two changes. Each seals with the key of before, so they must be fewer than what is wrapped anew. */
    private static final long CHANGE_PAUSE_NANOS = 200_000_000;

    private static final int CREDENTIALS = 50;

    private @Nullable Process started;

    @TempDir
    private Path folder;

    @Test
    void everyCredentialIsReadableAtEveryMoment() throws Exception {
        change(
                Map.of(),
                Map.of("ENCRYPTION_KEYS_PREVIOUS", NEW_KEY),
                Map.of("ENCRYPTION_KEY", NEW_KEY, "ENCRYPTION_KEYS_PREVIOUS", KEY),
                () -> Map.of("ENCRYPTION_KEYS_PREVIOUS", ""));
    }

    @Test
    void andSoItIsOnAToken() throws Exception {
        assumeThat(SoftHsm.isInstalled())
                .as("softhsm2 and opensc are installed")
                .isTrue();
        String first = SoftHsm.token().newKey();
        String second = SoftHsm.token().newKey();
        Map<String, Object> before = new HashMap<>(SoftHsm.token().settings(first));
        before.put("SLIPWAY_KEY_SERVICE", "pkcs11");
        before.put("ENCRYPTION_KEY", "");
        Map<String, Object> after = new HashMap<>(before);
        after.put("SLIPWAY_PKCS11_KEY", second);
        change(before, Map.of(), after, () -> {
            SoftHsm.token().destroy(first);
            return Map.of();
        });
    }

    @AfterEach
    void endWhatFailedToBeKilled() {
        if (started != null) {
            started.destroyForcibly();
        }
    }

    /**
     * Changes the master key.
     *
     * @param old how the service is set up at first
     * @param prepared what is changed so that all can open what the new key seals
     * @param changed what makes the new key the current one; a process with that is killed, and then the service gets it
     * @param done takes the old key away; what is changed for that
     */
    private void change(
            Map<String, Object> old,
            Map<String, Object> prepared,
            Map<String, Object> changed,
            Supplier<Map<String, Object>> done)
            throws Exception {
        try (ServiceUnderTest service = new ServiceUnderTest(old)) {
            for (int i = 0; i < CREDENTIALS; i++) {
                store(service, i);
            }
            // Slow enough to be met in the middle: each row that is wrapped anew takes 80 ms longer.
            service.execute("""
                    CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN PERFORM pg_sleep(0.08); RETURN NEW; END $$
                    """);
            service.execute("CREATE TRIGGER slowly BEFORE UPDATE ON credential FOR EACH ROW"
                    + " WHEN (OLD.key_id <> NEW.key_id) EXECUTE FUNCTION slowly()");
            // As the manual says: all get the new key to open with before one seals with it.
            service.restart(prepared);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger lookups = new AtomicInteger();
            List<String> missing = new ArrayList<>();
            Thread reader = Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    int found = secretsIn(service);
                    if (found != CREDENTIALS) {
                        missing.add(found + " of " + CREDENTIALS);
                    }
                    lookups.incrementAndGet();
                    LockSupport.parkNanos(LOOKUP_PAUSE_NANOS);
                }
            });
            Thread writer = Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    store(service, lookups.get() % CREDENTIALS);
                    LockSupport.parkNanos(CHANGE_PAUSE_NANOS);
                }
            });

            Process changing = changing(service, changed);
            started = changing;
            await().atMost(Duration.ofSeconds(90)).until(() -> wrappedAnew(service) > 10);
            changing.destroyForcibly();
            assertThat(changing.waitFor(10, TimeUnit.SECONDS)).isTrue();
            int inTheMiddle = wrappedAnew(service);
            int before = lookups.get();
            await().atMost(Duration.ofSeconds(20)).until(() -> lookups.get() > before + 5);

            stop.set(true);
            reader.join();
            writer.join();
            assertThat(changing.exitValue()).as("killed").isEqualTo(137);
            assertThat(inTheMiddle).as("killed in the middle").isBetween(1, CREDENTIALS - 1);
            assertThat(missing).isEmpty();
            assertThat(lookups).hasValueGreaterThan(10);

            service.restart(changed);
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> service.masterKey().contains("\"credentials\":" + CREDENTIALS + ",\"remaining\":0"));
            service.restart(done.get());
            assertThat(secretsIn(service)).as("with the new key alone").isEqualTo(CREDENTIALS);
        }
    }

    /** A process of its own on the same database, whose current key is the new one. */
    private Process changing(ServiceUnderTest service, Map<String, Object> changed) throws IOException {
        List<String> command = Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Application.class.getName())
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        Map<String, Object> properties = service.properties();
        Map<String, String> environment = builder.environment();
        environment.put("PORT", "-1");
        environment.put("DATABASE_URL", String.valueOf(properties.get("datasources.default.url")));
        environment.put("DATABASE_USER", "postgres");
        environment.put("DATABASE_PASSWORD", "postgres");
        environment.put("KAFKA_BOOTSTRAP_SERVERS", String.valueOf(properties.get("kafka.bootstrap.servers")));
        environment.put("SLIPWAY_INTERNAL_KEY", String.valueOf(properties.get("slipway.internal.key")));
        environment.put("SLIPWAY_HOME", folder.toString());
        environment.put("MITM_PROXY_URL", service.proxy.url());
        changed.forEach((name, value) -> environment.put(name, String.valueOf(value)));
        return builder.start();
    }

    /** How many another key than the service's own wraps. */
    private static int wrappedAnew(ServiceUnderTest service) {
        String own = service.masterKey().replaceFirst(".*\"keyId\":\"([^\"]+)\".*", "$1");
        return Integer.parseInt(service.query("SELECT count(*) FROM credential WHERE key_id <> '" + own + "'")
                .getFirst());
    }

    private static void store(ServiceUnderTest service, int number) {
        String body = "{\"provider\":\"c%d\",\"apiKey\":\"secret-%d\",\"host\":\"h%d.example.com\",\"header\":\"A\"}"
                .formatted(number, number, number);
        assertThat(service.admin("POST", "/credentials", body).statusCode()).isEqualTo(200);
    }

    private static int secretsIn(ServiceUnderTest service) {
        return service.call(ServiceUnderTest.proxyOf(PROJECT), "GET", PROJECT, "/rules", "")
                        .body()
                        .split("\"value\":\"secret-", -1)
                        .length
                - 1;
    }
}
