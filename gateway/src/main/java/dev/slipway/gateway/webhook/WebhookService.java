package dev.slipway.gateway.webhook;

import dev.slipway.gateway.events.PublicLog;
import dev.slipway.gateway.events.PublicLog.PublicEvent;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The use cases of webhooks. */
@Singleton
class WebhookService {
    /** How many webhooks a project may have. */
    static final int WEBHOOKS_MAX = 20;

    private static final int URL_MAX = 2000;
    private static final Set<String> STATES = Set.of("", "waiting", "delivered", "dead");

    private final WebhookStore store;
    private final WebhookSecrets secrets;
    private final WebhookSettings settings;
    private final OutboundAddresses addresses;
    private final JobQueue jobs;
    private final Clock clock;

    WebhookService(
            WebhookStore store,
            WebhookSecrets secrets,
            WebhookSettings settings,
            OutboundAddresses addresses,
            JobQueue jobs,
            Clock clock) {
        this.store = store;
        this.secrets = secrets;
        this.settings = settings;
        this.addresses = addresses;
        this.jobs = jobs;
        this.clock = clock;
    }

    Page<Webhook> list(String project, @Nullable String cursor, @Nullable Integer limit) {
        int size = Paging.limit(limit);
        String after = Objects.requireNonNullElse(Paging.position(cursor), "");
        return Paging.page(store.list(project, after, size + 1), size, Webhook::id);
    }

    /** Makes a webhook; its answer is the only one that ever holds the secret. */
    @Transactional
    Webhook create(String project, String url, @Nullable List<String> types, String user) {
        check(url);
        List<String> wanted =
                types == null ? List.of() : types.stream().distinct().sorted().toList();
        for (String type : wanted) {
            if (!PublicLog.names().contains(type)) {
                throw ProblemException.invalid("types", type + " (expected: names of events, as in GET …/events)");
            }
        }
        if (store.count(project) >= WEBHOOKS_MAX) {
            throw ProblemException.conflict(
                    "limit-reached", "A project has at most " + WEBHOOKS_MAX + " webhooks. Delete one first.");
        }
        String id = Ids.text();
        String secret = secrets.make();
        // The log's times are milliseconds; an event of this very moment counts.
        Webhook webhook =
                new Webhook(id, url, wanted, secret, user, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        store.insert(project, webhook, secrets.seal(id, secret));
        return webhook;
    }

    void delete(String project, String id) {
        if (!store.delete(project, id)) {
            throw ProblemException.notFound("webhook");
        }
    }

    Page<Delivery> deliveries(
            String project, String id, @Nullable String state, @Nullable String cursor, @Nullable Integer limit) {
        String wanted = Objects.requireNonNullElse(state, "");
        if (!STATES.contains(wanted)) {
            throw ProblemException.invalid("state", wanted + " (expected: waiting, delivered or dead)");
        }
        Webhook webhook = find(project, id);
        int size = Paging.limit(limit);
        String before = Objects.requireNonNullElse(Paging.position(cursor), "");
        return Paging.page(store.deliveries(webhook.id(), wanted, before, size + 1), size, Delivery::id);
    }

    /** Sends an event of type {@code ping}, whatever the webhook wants; gives the delivery's id. */
    @Transactional
    String ping(String project, String id) {
        Webhook webhook = find(project, id);
        String delivery = Ids.text();
        String body = "{\"id\":\"" + delivery + "\",\"type\":\"ping\",\"timestamp\":\"" + clock.instant()
                + "\",\"resource\":{\"type\":\"webhook\",\"id\":\"" + webhook.id() + "\"},\"data\":{}}";
        store.insert(delivery, webhook.id(), "ping-" + delivery, "ping", body);
        jobs.add(WebhookDelivery.KIND, delivery, delivery);
        return delivery;
    }

    /** Tries a delivery anew that was given up. */
    @Transactional
    void retry(String project, String id, String delivery) {
        Webhook webhook = find(project, id);
        if (!store.wait(webhook.id(), delivery)) {
            throw ProblemException.notFound("delivery that was given up");
        }
        jobs.add(WebhookDelivery.KIND, delivery, delivery);
    }

    /** Writes what these events mean to whom, and how far the log was looked through; all of it or nothing. */
    @Transactional
    void take(List<PublicEvent> events, Map<Integer, Long> next) {
        Map<String, List<WebhookStore.Target>> targets = new HashMap<>();
        for (PublicEvent event : events) {
            for (WebhookStore.Target target : targets.computeIfAbsent(event.projectId(), store::targets)) {
                String delivery = Ids.text();
                if (target.wants(event.type(), event.time())
                        && store.insert(delivery, target.id(), event.key(), event.type(), event.body())) {
                    jobs.add(WebhookDelivery.KIND, delivery, delivery);
                }
            }
        }
        next.forEach(store::position);
    }

    private Webhook find(String project, String id) {
        return store.find(project, id).orElseThrow(() -> ProblemException.notFound("webhook"));
    }

    private void check(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException _) {
            throw ProblemException.invalid("url", "not an address (expected: https://host/path)");
        }
        boolean scheme = "https".equals(uri.getScheme()) || (settings.allowPrivate() && "http".equals(uri.getScheme()));
        if (!scheme
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawFragment() != null
                || url.length() > URL_MAX) {
            throw ProblemException.invalid(
                    "url", "expected: https://host/path, without user or fragment, of at most " + URL_MAX + " letters");
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(uri.getHost().replaceAll("^\\[|]$", ""))) {
                if (!addresses.mayBeDialled(address)) {
                    throw ProblemException.invalid(
                            "url", uri.getHost() + " leads to an address that is not of the internet");
                }
            }
        } catch (UnknownHostException _) {
            // It may come to be; each delivery looks again.
            return;
        }
    }
}
