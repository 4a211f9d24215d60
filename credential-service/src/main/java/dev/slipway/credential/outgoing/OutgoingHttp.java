package dev.slipway.credential.outgoing;

import dev.slipway.credential.trust.TrustedRoots;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Calls providers; see the package for what it does not do. Blocks, so call it from a virtual thread. */
@Singleton
public class OutgoingHttp {
    private static final Timeout CONNECT = Timeout.ofSeconds(5);
    private static final int BODY_BYTES_MAX = 64 * 1024;

    private final Map<String, URI> elsewhere = new HashMap<>();
    private final Set<String> vouchedFor = new HashSet<>();
    private final Duration deadline;
    private final CloseableHttpClient http;
    private final ScheduledExecutorService alarm = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("outgoing-deadline").factory());

    OutgoingHttp(OutgoingSettings settings) {
        this.deadline = settings.deadline();
        settings.privateHosts().forEach(host -> vouchedFor.add(host.toLowerCase(Locale.ROOT)));
        settings.upstreams().forEach(this::goElsewhere);
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new PublicAddresses(vouchedFor))
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(TrustedRoots.with(
                                "slipway.credential.outgoing.trusted-ca-file (SLIPWAY_TRUSTED_CA_FILE)",
                                settings.trustedCaFile())))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT)
                                .setSocketTimeout(Timeout.of(deadline))
                                .build())
                        .setMaxConnPerRoute(16)
                        .setMaxConnTotal(64)
                        .build())
                .disableRedirectHandling()
                // A token endpoint takes a refresh token once: a call that is repeated unasked would lose the sign-in.
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("slipway")
                .build();
    }

    /** What a provider answered, its body cut off at 64 KB. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(int status, @Nullable Duration retryAfter, byte[] body) {
        @Override
        public String toString() {
            return "Answer[" + status + ", hidden]";
        }
    }

    /**
     * Calls once.
     *
     * @throws UnreachableException if there is no answer in time, or the host may not be called
     */
    public Answer call(Outgoing call) throws UnreachableException {
        URI address = whereabouts(call.address());
        HttpUriRequestBase request = new HttpUriRequestBase(call.method(), address);
        call.headers().forEach(request::setHeader);
        if (call.body() != null) {
            request.setEntity(new StringEntity(call.body(), ContentType.parse(call.contentType())));
        }
        ScheduledFuture<?> end = alarm.schedule(request::abort, deadline.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return http.execute(request, OutgoingHttp::read);
        } catch (PublicAddresses.PrivateAddressException e) {
            throw new UnreachableException(
                    address.getHost() + " has a private address, which an operator would have to allow");
        } catch (IOException e) {
            throw new UnreachableException("no answer (" + e.getClass().getSimpleName() + ")");
        } finally {
            end.cancel(false);
        }
    }

    @PreDestroy
    void close() throws IOException {
        alarm.shutdownNow();
        http.close();
    }

    private URI whereabouts(URI address) throws UnreachableException {
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        URI instead = elsewhere.get(host);
        if (instead != null) {
            String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
            // As the proxy does: what stands before each path there is part of where it goes.
            String prefix = String.valueOf(instead.getRawPath()).replaceFirst("/$", "");
            return URI.create(
                    instead.getScheme() + "://" + instead.getAuthority() + prefix + address.getRawPath() + query);
        }
        if (!"https".equals(address.getScheme()) && !vouchedFor.contains(host)) {
            throw new UnreachableException(host + " would be called without TLS");
        }
        return address;
    }

    private void goElsewhere(String entry) {
        int equals = entry.indexOf('=');
        URI instead =
                equals <= 0 ? null : webAddress(entry.substring(equals + 1).strip());
        if (instead == null) {
            throw new IllegalArgumentException("slipway.credential.outgoing.upstreams (SLIPWAY_UPSTREAMS): " + entry
                    + " (expected: host=url, the url http or https)");
        }
        elsewhere.put(entry.substring(0, equals).strip().toLowerCase(Locale.ROOT), instead);
        // getHost() knows no name with an underscore, as services in a private network have.
        String host =
                instead.getHost() == null ? instead.getRawAuthority().replaceFirst(":[0-9]*$", "") : instead.getHost();
        vouchedFor.add(host.toLowerCase(Locale.ROOT));
    }

    private static @Nullable URI webAddress(String text) {
        try {
            URI address = new URI(text);
            boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
            return web && address.getRawAuthority() != null ? address : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static Answer read(ClassicHttpResponse response) throws IOException {
        byte[] body = new byte[0];
        if (response.getEntity() != null) {
            try (InputStream in = response.getEntity().getContent()) {
                body = in.readNBytes(BODY_BYTES_MAX);
            }
        }
        return new Answer(response.getCode(), retryAfter(response.getFirstHeader("Retry-After")), body);
    }

    private static @Nullable Duration retryAfter(@Nullable Header header) {
        String value = header == null ? "" : String.valueOf(header.getValue()).strip();
        return value.matches("[0-9]{1,6}") ? Duration.ofSeconds(Long.parseLong(value)) : null;
    }
}
