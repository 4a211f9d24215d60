package dev.slipway.gateway.door;

import dev.slipway.gateway.door.IdempotencyStore.Claim;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.body.ByteBody.SplitBackpressureMode;
import io.micronaut.http.body.CloseableAvailableByteBody;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Does a POST of our own controllers once per Idempotency-Key, as {@link IdempotentExchange} does for those of the services. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class IdempotencyFilter implements Ordered {
    private static final String ATTRIBUTE = "slipway.idempotency-key";
    private static final int BODY_SECONDS_MAX = 30;

    private final IdempotencyStore store;
    private final ObjectMapper json;

    IdempotencyFilter(IdempotencyStore store, ObjectMapper json) {
        this.store = store;
        this.json = json;
    }

    /** After the guard, which says whose key it is. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 100;
    }

    @RequestFilter
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Nullable
    HttpResponse<?> claim(HttpRequest<?> request) {
        Optional<IdempotencyKey> key = request.getAttribute(GuardFilter.ATTRIBUTE, Admission.class)
                .filter(_ -> request.getMethodName().equals("POST"))
                .flatMap(admission -> IdempotencyKey.of(
                        request.getHeaders().getAll("Idempotency-Key"),
                        admission.user().id(),
                        "POST " + request.getUri()));
        if (key.isEmpty()) {
            return null;
        }
        return switch (store.claim(key.get(), body(request))) {
            case Claim.First() -> {
                request.setAttribute(ATTRIBUTE, key.get());
                yield null;
            }
            case Claim.Answered answered -> repeat(answered);
            case Claim.InProgress() ->
                throw ProblemException.conflict(
                        "in-progress", "The first request with this Idempotency-Key is not done yet. Try again.");
            case Claim.Different() ->
                throw ProblemException.unprocessable(
                        "Idempotency-Key", "was used for another request (expected: a new key for a new request)");
        };
    }

    @ResponseFilter
    @ExecuteOn(TaskExecutors.BLOCKING)
    void keep(HttpRequest<?> request, MutableHttpResponse<?> response) {
        request.getAttribute(ATTRIBUTE, IdempotencyKey.class).ifPresent(key -> {
            int status = response.code();
            // What may be different at the next try is not the answer.
            if (status >= 500 || status == 401 || status == 403 || status == 429) {
                store.forget(key);
                return;
            }
            String type = response.getContentType()
                    .map(MediaType::toString)
                    .orElse(response.body() == null ? "" : MediaType.APPLICATION_JSON);
            store.keep(key, status, type, written(response.body()));
        });
    }

    private byte[] written(@Nullable Object body) {
        try {
            return body == null ? new byte[0] : json.writeValueAsBytes(body);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep an answer", e);
        }
    }

    private static HttpResponse<?> repeat(Claim.Answered answered) {
        MutableHttpResponse<byte[]> response = HttpResponse.status(HttpStatus.valueOf(answered.status()));
        if (answered.body().length > 0) {
            response.body(answered.body()).contentType(answered.contentType());
        }
        return response.header("Idempotent-Replayed", "true");
    }

    private static byte[] body(HttpRequest<?> request) {
        if (!(request instanceof ServerHttpRequest<?> server)) {
            return new byte[0];
        }
        try (CloseableByteBody copy = server.byteBody().split(SplitBackpressureMode.FASTEST);
                CloseableAvailableByteBody whole = copy.buffer().get(BODY_SECONDS_MAX, TimeUnit.SECONDS)) {
            return whole.toByteArray();
        } catch (InterruptedException | TimeoutException e) {
            throw ProblemException.of(HttpStatus.REQUEST_TIMEOUT, "request-timeout", "The request came too slowly.");
        } catch (ExecutionException e) {
            throw ProblemException.of(
                    HttpStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "The body is too large, or did not come whole.");
        }
    }
}
