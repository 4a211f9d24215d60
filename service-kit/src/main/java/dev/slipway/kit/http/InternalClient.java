package dev.slipway.kit.http;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.problem.Problem;
import dev.slipway.kit.tls.InternalTls;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * Calls other services, each call signed for its caller. Blocks, so call it from a virtual thread. Every call has a
 * deadline; {@link #stream} a longest silence. A service that takes no connections, as one that is just being
 * started again, is waited for within the deadline, at most 10 s; calls that have little time are told at once.
 */
@Singleton
public final class InternalClient {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration START_MAX = Duration.ofSeconds(10);
    private static final Duration IN_A_HURRY = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final HttpClient http;
    private final @Nullable InternalTls tls;
    private final Map<String, URI> addresses;
    private final IdentityTokens tokens;
    private final ObjectMapper json;

    InternalClient(
            List<ServiceAddress> addresses, IdentityTokens tokens, ObjectMapper json, @Nullable InternalTls tls) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
        this.tls = tls;
        this.http = tls == null
                ? builder.build()
                : builder.sslContext(tls.context()).build();
        this.addresses = addresses.stream().collect(Collectors.toMap(ServiceAddress::name, ServiceAddress::url));
        this.tokens = tokens;
        this.json = json;
    }

    /**
     * Calls and reads the answer as {@code type}.
     *
     * @param path begins with a slash; its segments are encoded by the caller ({@link #segment})
     * @param body sent as JSON; null for none
     * @throws UpstreamProblemException if the service answers with an error status
     * @throws UpstreamUnavailableException if it does not answer
     */
    public <T> T call(
            Caller caller,
            String service,
            String method,
            String path,
            @Nullable Object body,
            Argument<T> type,
            Duration deadline) {
        HttpRequest request = request(caller, service, method, path, body, deadline);
        HttpResponse<byte[]> response = send(service, request, HttpResponse.BodyHandlers.ofByteArray());
        failOnError(service, response);
        try {
            return json.readValue(response.body(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(service + ": unreadable answer to " + method + " " + path, e);
        }
    }

    /** As {@link #call}, for a class. */
    public <T> T call(
            Caller caller,
            String service,
            String method,
            String path,
            @Nullable Object body,
            Class<T> type,
            Duration deadline) {
        return call(caller, service, method, path, body, Argument.of(type), deadline);
    }

    /** As {@link #call}, where the answer's body does not matter; gives its status. */
    public int send(
            Caller caller, String service, String method, String path, @Nullable Object body, Duration deadline) {
        HttpRequest request = request(caller, service, method, path, body, deadline);
        HttpResponse<byte[]> response = send(service, request, HttpResponse.BodyHandlers.ofByteArray());
        failOnError(service, response);
        return response.statusCode();
    }

    /**
     * Opens an answer that is read as it comes. The caller closes it, which ends the request at the other side too. It is read by the
     * thread that wants it: where many answers come a word at a time, others in between would be most of the cost.
     *
     * @param silence the longest time without a byte, from the request on; then reading fails
     */
    public InputStream stream(Caller caller, String service, String path, Duration silence) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(address(service) + path).toURL().openConnection();
            if (tls != null && connection instanceof HttpsURLConnection secured) {
                secured.setSSLSocketFactory(tls.context().getSocketFactory());
            }
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout((int) CONNECT.toMillis());
            connection.setReadTimeout((int) silence.toMillis());
            connection.setRequestProperty(IdentityTokens.HEADER, tokens.sign(caller, service));
            int status = connection.getResponseCode();
            if (status >= 400) {
                InputStream body = connection.getErrorStream();
                throw problem(service, status, body == null ? new byte[0] : readAll(body));
            }
            return connection.getInputStream();
        } catch (IOException e) {
            throw new UpstreamUnavailableException(service, e);
        }
    }

    /** A path segment, encoded. */
    public static String segment(String raw) {
        return java.net.URLEncoder.encode(raw, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
    }

    private HttpRequest request(
            Caller caller, String service, String method, String path, @Nullable Object body, Duration deadline) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address(service) + path))
                .timeout(deadline)
                .header(IdentityTokens.HEADER, tokens.sign(caller, service));
        if (body == null) {
            return request.method(method, HttpRequest.BodyPublishers.noBody()).build();
        }
        try {
            return request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the body of " + method + " " + path, e);
        }
    }

    private URI address(String service) {
        URI base = addresses.get(service);
        if (base == null) {
            throw new IllegalStateException(
                    "slipway.services." + service + ".url: not set (expected: where that service listens)");
        }
        return base;
    }

    private <B> HttpResponse<B> send(String service, HttpRequest first, HttpResponse.BodyHandler<B> handler) {
        HttpRequest request = first;
        Duration deadline = first.timeout().orElse(START_MAX);
        long end = System.nanoTime() + deadline.toNanos();
        Duration patience = deadline.compareTo(IN_A_HURRY) <= 0 ? Duration.ZERO : deadline;
        long giveUp = System.nanoTime() + Math.min(patience.toNanos(), START_MAX.toNanos());
        while (true) {
            try {
                return http.send(request, handler);
            } catch (ConnectException e) {
                // Nothing was sent, so that asking again asks once.
                if (System.nanoTime() + AGAIN.toNanos() > giveUp || !sleep()) {
                    throw new UpstreamUnavailableException(service, e);
                }
                long left = Math.max(1, end - System.nanoTime());
                request = HttpRequest.newBuilder(first, (_, _) -> true)
                        .timeout(Duration.ofNanos(left))
                        .build();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UpstreamUnavailableException(service, e);
            } catch (IOException e) {
                throw new UpstreamUnavailableException(service, e);
            }
        }
    }

    /** Gives whether the thread may go on. */
    private static boolean sleep() {
        try {
            Thread.sleep(AGAIN);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void failOnError(String service, HttpResponse<byte[]> response) {
        if (response.statusCode() >= 400) {
            throw problem(service, response.statusCode(), response.body());
        }
    }

    private UpstreamProblemException problem(String service, int status, byte[] body) {
        Problem problem = null;
        try {
            problem = json.readValue(body, Problem.class);
        } catch (IOException | RuntimeException _) {
            // Not a problem document: the status has to speak for itself.
        }
        return new UpstreamProblemException(service, status, problem);
    }

    private static byte[] readAll(InputStream body) {
        try (body) {
            return body.readNBytes(64 * 1024);
        } catch (IOException _) {
            return new byte[0];
        }
    }
}
