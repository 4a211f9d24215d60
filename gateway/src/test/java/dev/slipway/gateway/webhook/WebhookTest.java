package dev.slipway.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.contracts.event.LifecycleEvent;
import dev.slipway.gateway.Gateways;
import dev.slipway.gateway.seal.DerivedKeys;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other systems learn of a project's events at least once, signed, and nothing else can be reached this way. */
class WebhookTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PATH = "/api/projects/local/webhooks";

    private record Received(String id, String timestamp, String signature, String body) {}

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private HttpServer receiver;
    private Map<String, Object> settings;
    private EmbeddedServer gateway;

    @BeforeEach
    void start() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean fails = failures.getAndDecrement() > 0;
            if (!fails) {
                received.add(new Received(
                        exchange.getRequestHeaders().getFirst("webhook-id"),
                        exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                        exchange.getRequestHeaders().getFirst("webhook-signature"),
                        body));
            }
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/elsewhere");
            exchange.sendResponseHeaders(fails ? 307 : 204, -1);
            exchange.close();
        });
        receiver.start();
        settings = new HashMap<>(EmbeddedServers.properties());
        settings.put("slipway.webhooks.allow-private", "true");
        settings.put("slipway.webhooks.first-retry", "100ms");
        settings.put("slipway.webhooks.attempts", "3");
        gateway = Gateways.anonymous("http://127.0.0.1:1", settings);
    }

    @AfterEach
    void stop() {
        gateway.close();
        receiver.stop(0);
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.getURI() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> create(String types) throws Exception {
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
        return send("POST", PATH, "{\"url\":\"" + url + "\",\"types\":[" + types + "]}");
    }

    private static String field(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        assertThat(matcher.find()).as(json).isTrue();
        return matcher.group(1);
    }

    private static void publish(int from, int to) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", EmbeddedServers.kafka()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (int number = from; number < to; number++) {
                ProducerRecord<String, byte[]> event = new ProducerRecord<>(
                        LifecycleEvent.TOPIC,
                        "local",
                        ("{\"sessionId\":\"s\",\"messageId\":\"m" + number + "\",\"role\":\"user\"}")
                                .getBytes(StandardCharsets.UTF_8));
                Map.of(
                                "ce_id", Ids.text(),
                                "ce_source", "/session-service",
                                "ce_type", "dev.slipway.session.message.added.v1",
                                "ce_subject", "s",
                                "ce_time", Instant.now().toString(),
                                "ce_seq", "1",
                                "ce_projectid", "local")
                        .forEach((name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
                producer.send(event);
            }
        }
    }

    private List<String> messages() {
        return received.stream()
                .map(one -> one.body().replaceAll(".*\"messageId\":\"(m\\d+)\".*", "$1"))
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void eventsAreTakenOnceEachAndSignedThoughTheReceiverFailsAtFirstAndTheGatewayIsStopped() throws Exception {
        String webhook = create("\"message_added\"").body();
        failures.set(2);
        await().atMost(Duration.ofSeconds(20)).until(this::isFed);
        publish(0, 20);
        await().atMost(Duration.ofSeconds(30)).until(() -> messages().size() == 20);

        gateway.close();
        publish(20, 40);
        gateway = Gateways.anonymous("http://127.0.0.1:1", settings);

        await().atMost(Duration.ofSeconds(40)).until(() -> messages().size() == 40);
        assertThat(messages())
                .containsExactlyElementsOf(IntStream.range(0, 40)
                        .mapToObj(number -> "m" + number)
                        .sorted()
                        .toList());
        byte[] secret = Base64.getDecoder().decode(field(webhook, "secret").substring("whsec_".length()));
        for (Received one : received) {
            byte[] signed = (one.id() + "." + one.timestamp() + "." + one.body()).getBytes(StandardCharsets.UTF_8);
            String due = Base64.getEncoder()
                    .encodeToString(DerivedKeys.mac(new SecretKeySpec(secret, "HmacSHA256"), signed));
            assertThat(one.signature()).isEqualTo("v1," + due);
        }
        assertThat(send("GET", PATH, "").body()).doesNotContain("secret");
    }

    private boolean isFed() {
        return gateway.getApplicationContext()
                        .getBean(WebhookStore.class)
                        .positions()
                        .size()
                == LifecycleEvent.PARTITIONS;
    }

    @Test
    void aDeliveryThatIsNeverTakenIsGivenUpAndCanBeTriedAnew() throws Exception {
        String id = field(create("").body(), "id");
        failures.set(3);
        String delivery = field(send("POST", PATH + "/" + id + "/test", "").body(), "deliveryId");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> send("GET", PATH + "/" + id + "/deliveries?state=dead", "")
                        .body()
                        .contains(delivery));
        assertThat(send("GET", PATH + "/" + id + "/deliveries", "").body())
                .contains("\"attempts\":3", "\"lastStatus\":307", "\"lastError\":\"answered 307\"");
        assertThat(send("POST", PATH + "/" + id + "/deliveries/" + delivery + "/retry", "")
                        .statusCode())
                .isEqualTo(202);

        await().atMost(Duration.ofSeconds(20)).until(() -> received.size() == 1);
        assertThat(received.getFirst().body()).contains("\"type\":\"ping\"");
        assertThat(received.getFirst().id()).isEqualTo(delivery);
        assertThat(send("DELETE", PATH + "/" + id, "").statusCode()).isEqualTo(204);
        assertThat(send("GET", PATH + "/" + id + "/deliveries", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void whatIsNoEventOrNoAddressIsRefused() throws Exception {
        assertThat(create("\"nonsense\"").statusCode()).isEqualTo(400);
        for (String url : List.of(
                "ftp://x.example/", "https://user@x.example/", "https:///x", "nonsense", "https://x.example/#a")) {
            assertThat(send("POST", PATH, "{\"url\":\"" + url + "\"}").statusCode())
                    .as(url)
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "169.254.169.254", "168.63.129.16", "[64:ff9b::7f00:1]"})
    void aNameThatLeadsIntoTheOperatorsNetworkIsNotDialled(String host) {
        WebhookSettings settings = new WebhookSettings(false, "", Duration.ofSeconds(1), Duration.ofSeconds(1), 1);

        assertThatThrownBy(() -> new OutboundAddresses(settings).resolve(host))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("not of the internet");
    }
}
