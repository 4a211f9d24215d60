package dev.slipway.devstack.service;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Asks a service whether it is well: {@code GET /health}. */
public final class HealthCheck {
    private static final int ANSWER_MILLISECONDS_MAX = 2000;

    private HealthCheck() {}

    public static boolean isHealthy(int port) {
        try {
            var connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/health").toURL().openConnection();
            connection.setConnectTimeout(ANSWER_MILLISECONDS_MAX);
            connection.setReadTimeout(ANSWER_MILLISECONDS_MAX);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** True as soon as it is well, false after the deadline or when there is no point in waiting any more. */
    public static boolean await(int port, Duration deadline, BooleanSupplier pointless) throws InterruptedException {
        Instant end = Instant.now().plus(deadline);
        while (!isHealthy(port)) {
            if (pointless.getAsBoolean() || Instant.now().isAfter(end)) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return true;
    }
}
