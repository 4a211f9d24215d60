package dev.slipway.gateway.webhook;

import dev.slipway.gateway.webhook.WebhookStore.Parcel;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Sends one delivery: no redirects, no cookies, nothing but the status read of the answer, and an end to waiting. Blocks. */
@Singleton
class WebhookSender {
    private static final int CONNECTIONS_MAX = 64;
    private static final int CONNECTIONS_OF_A_HOST_MAX = 8;

    private final WebhookSettings settings;
    private final ScheduledExecutorService scheduled;
    private final CloseableHttpClient http;

    WebhookSender(
            WebhookSettings settings,
            OutboundAddresses addresses,
            @Named(TaskExecutors.SCHEDULED) ExecutorService scheduled) {
        this.settings = settings;
        this.scheduled = (ScheduledExecutorService) scheduled;
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(addresses)
                        .setMaxConnTotal(CONNECTIONS_MAX)
                        .setMaxConnPerRoute(CONNECTIONS_OF_A_HOST_MAX)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.ofSeconds(5))
                                .setSocketTimeout(Timeout.of(settings.timeout()))
                                .setTimeToLive(TimeValue.ofMinutes(1))
                                .build())
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("Slipway-Webhooks/1")
                .build();
    }

    /**
     * What came of it.
     *
     * @param status null if there was no answer
     * @param error what went wrong; empty if nothing did
     */
    record Outcome(@Nullable Integer status, String error, long millis) {
        boolean taken() {
            return status != null && status >= 200 && status < 300;
        }
    }

    Outcome send(Parcel parcel, long timestamp, String signature) {
        HttpPost post = new HttpPost(parcel.url());
        post.setHeader("webhook-id", parcel.id());
        post.setHeader("webhook-timestamp", Long.toString(timestamp));
        post.setHeader("webhook-signature", signature);
        post.setHeader("slipway-event", parcel.type());
        post.setEntity(new StringEntity(parcel.body(), ContentType.APPLICATION_JSON));
        long began = System.nanoTime();
        // The limits of the connection are about one read; a sender of single bytes would keep us for ever.
        ScheduledFuture<?> end =
                scheduled.schedule(post::abort, settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        try {
            int status = http.execute(post, answer -> {
                // What is not read is thrown away with the connection.
                int code = answer.getCode();
                answer.close();
                return code;
            });
            String error = status >= 200 && status < 300 ? "" : "answered " + status;
            return new Outcome(status, error, millisSince(began));
        } catch (IOException | IllegalArgumentException e) {
            String reason =
                    post.isAborted() ? "no answer within " + settings.timeout().toSeconds() + " s" : e.toString();
            return new Outcome(null, reason, millisSince(began));
        } finally {
            end.cancel(false);
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    @PreDestroy
    void close() throws IOException {
        http.close();
    }
}
