package dev.slipway.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.event.LifecycleEvent;
import dev.slipway.gateway.Gateways;
import dev.slipway.gateway.proxy.ScriptedService;
import dev.slipway.gateway.proxy.WebSocketClient;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One stream for a browser: the project's events, and the chat of the sessions that it follows. */
class ChatInStreamTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int CHUNKS = 200;

    /** How many chunks the running turn has so far. */
    private static final AtomicInteger SAID = new AtomicInteger();

    private static ScriptedService service;
    private static EmbeddedServer gateway;

    @BeforeAll
    static void start() {
        service = new ScriptedService(ChatInStreamTest::script);
        gateway = Gateways.anonymous(service.url(), Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        service.close();
    }

    /** As session-service: 204 when idle, else the turn from after the last id. */
    private static void script(String head, InputStream in, OutputStream out, Socket socket) throws Exception {
        Matcher last = Pattern.compile("(?i)last-event-id: turn:(\\d+)").matcher(head);
        int from = last.find() ? Integer.parseInt(last.group(1)) : 0;
        if (!head.contains("/chat/s1/stream") || SAID.get() == 0 || from >= CHUNKS) {
            ScriptedService.send(out, "HTTP/1.1 204 No Content\r\n\r\n");
            return;
        }
        ScriptedService.send(
                out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int number = from + 1; number <= CHUNKS; number++) {
            while (number > SAID.get()) {
                Thread.sleep(2);
            }
            String data = number == CHUNKS ? "[DONE]" : "{\"type\":\"text-delta\",\"delta\":\"" + number + " \"}";
            String frame = "id: turn:" + number + "\ndata: " + data + "\n\n";
            ScriptedService.send(out, Integer.toHexString(frame.length()) + "\r\n" + frame + "\r\n");
        }
        ScriptedService.send(out, "0\r\n\r\n");
    }

    private static void publish(String type, String subject) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", EmbeddedServers.kafka()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            ProducerRecord<String, byte[]> event = new ProducerRecord<>(
                    LifecycleEvent.TOPIC, "local", "{\"sessionId\":\"s1\"}".getBytes(StandardCharsets.UTF_8));
            Map.of(
                            "ce_id",
                            Ids.text(),
                            "ce_source",
                            "/session-service",
                            "ce_type",
                            type,
                            "ce_subject",
                            subject,
                            "ce_time",
                            Instant.now().toString(),
                            "ce_seq",
                            "1",
                            "ce_projectid",
                            "local")
                    .forEach((name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(event);
        }
    }

    private static BufferedReader open(Socket socket, String query, String lastId) throws Exception {
        socket.setSoTimeout(20_000);
        String request = "GET /api/projects/local/events" + query + " HTTP/1.1\r\nHost: localhost\r\n"
                + (lastId.isEmpty() ? "" : "Last-Event-ID: " + lastId + "\r\n") + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    void chatIsResumedWithTheStreamAndStartsByItselfWhenAMessageComes() throws Exception {
        SAID.set(0);
        List<Integer> seen = new ArrayList<>();
        String last = "";
        boolean done = false;
        int connections = 0;
        while (!done) {
            connections++;
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort())) {
                BufferedReader lines = open(socket, "?stream=tab1", last);
                if (connections == 1) {
                    HttpResponse<String> set = HTTP.send(
                            HttpRequest.newBuilder(
                                            URI.create(gateway.getURI() + "/api/projects/local/events/subscriptions"))
                                    .header("Content-Type", "application/json")
                                    .PUT(HttpRequest.BodyPublishers.ofString(
                                            "{\"stream\":\"tab1\",\"sessions\":[\"s1\"]}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    assertThat(set.statusCode()).isEqualTo(200);
                    SAID.set(CHUNKS);
                    publish("dev.slipway.session.message.added.v1", "s1");
                }
                String id = "";
                for (int chunks = 0; chunks < 40 && !done; ) {
                    String line = lines.readLine();
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data: ")
                            && line.contains("\"sessionId\":\"s1\",")
                            && line.contains("turn:")) {
                        seen.add(Integer.parseInt(line.replaceAll(".*turn:(\\d+)\".*", "$1")));
                        last = id;
                        chunks++;
                        done = line.contains("\"done\":true");
                    }
                }
            }
        }

        assertThat(connections).isGreaterThan(4);
        assertThat(seen).isEqualTo(IntStream.rangeClosed(1, CHUNKS).boxed().toList());
    }

    @Test
    void aWebSocketCarriesTheSame() throws Exception {
        SAID.set(0);
        try (WebSocketClient socket =
                new WebSocketClient(HTTP, gateway.getPort(), "/ws/events?projectId=local&types=session_updated")) {
            assertThat(socket.next()).startsWith("{\"event\":\"connected\",\"id\":\"");
            publish("dev.slipway.session.status.changed.v1", "other");
            assertThat(socket.next())
                    .startsWith("{\"event\":\"session_updated\",")
                    .contains("\"data\":{\"id\":");

            SAID.set(CHUNKS);
            socket.send("{\"type\":\"subscribe\",\"sessions\":[\"s1\"]}");
            for (int number = 1; number <= CHUNKS; number++) {
                assertThat(socket.next()).startsWith("{\"event\":\"chat\",").contains("\"turn:" + number + "\"");
            }
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        for (String query : List.of("?stream=a%20b", "?sessions=../x", "?after=nonsense", "?after=1-2~s1=")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort())) {
                assertThat(open(socket, query, "").readLine()).as(query).startsWith("HTTP/1.1 400");
            }
        }
    }
}
