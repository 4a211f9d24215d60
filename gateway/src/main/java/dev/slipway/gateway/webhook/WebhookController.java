package dev.slipway.gateway.webhook;

import dev.slipway.gateway.door.Admission;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.paging.Paging.Page;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A project's webhooks, for its admins. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/projects/{project}/webhooks")
class WebhookController {
    private final WebhookService webhooks;

    WebhookController(WebhookService webhooks) {
        this.webhooks = webhooks;
    }

    /** Where to tell which events; all of them if none is named. */
    @Serdeable
    record NewWebhook(@NotBlank String url, @Nullable List<String> types) {
        @Override
        public String toString() {
            return "NewWebhook[" + types + "]";
        }
    }

    @Serdeable
    record Webhooks(List<Webhook> webhooks, @Nullable String nextCursor) {}

    @Serdeable
    record Deliveries(List<Delivery> deliveries, @Nullable String nextCursor) {}

    @Serdeable
    record Ping(String deliveryId) {}

    @Get
    Webhooks list(Admission admission, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        admission.require(Role.ADMIN);
        Page<Webhook> page = webhooks.list(admission.project(), cursor, limit);
        return new Webhooks(page.items(), page.nextCursor());
    }

    @Post
    @Status(HttpStatus.CREATED)
    Webhook create(Admission admission, @Body @Valid NewWebhook body) {
        admission.require(Role.ADMIN);
        return webhooks.create(
                admission.project(), body.url(), body.types(), admission.user().id());
    }

    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    void delete(Admission admission, @PathVariable String id) {
        admission.require(Role.ADMIN);
        webhooks.delete(admission.project(), id);
    }

    @Get("/{id}/deliveries")
    Deliveries deliveries(
            Admission admission,
            @PathVariable String id,
            @Nullable @QueryValue String state,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        admission.require(Role.ADMIN);
        Page<Delivery> page = webhooks.deliveries(admission.project(), id, state, cursor, limit);
        return new Deliveries(page.items(), page.nextCursor());
    }

    @Post("/{id}/test")
    @Status(HttpStatus.ACCEPTED)
    Ping ping(Admission admission, @PathVariable String id) {
        admission.require(Role.ADMIN);
        return new Ping(webhooks.ping(admission.project(), id));
    }

    @Post("/{id}/deliveries/{delivery}/retry")
    @Status(HttpStatus.ACCEPTED)
    Ping retry(Admission admission, @PathVariable String id, @PathVariable String delivery) {
        admission.require(Role.ADMIN);
        webhooks.retry(admission.project(), id, delivery);
        return new Ping(delivery);
    }
}
