package dev.slipway.devstack.service;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Asks a service whether it is well: {@code GET /health}, or where that takes a certificate, by a connection alone. */
public final class HealthCheck {
    private static final int ANSWER_MILLISECONDS_MAX = 2000;

    private HealthCheck() {}

    /** Whether it is; {@code tls} says that it answers only who shows a certificate. */
    public static boolean isHealthy(int port, boolean tls) {
        return tls ? isOpen(port) : answersWell(port);
    }

    private static boolean isOpen(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLISECONDS_MAX);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean answersWell(int port) {
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
    public static boolean await(int port, boolean tls, Duration deadline, BooleanSupplier pointless)
            throws InterruptedException {
        Instant end = Instant.now().plus(deadline);
        while (!isHealthy(port, tls)) {
            if (pointless.getAsBoolean() || Instant.now().isAfter(end)) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return true;
    }
}
