package dev.slipway.credential.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.mitm.EgressRecord;
import dev.slipway.credential.testing.ServiceUnderTest;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Uses are counted from the egress log, each once. */
class UsesTest {
    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

    private static ServiceUnderTest service;
    private static KafkaProducer<String, byte[]> log;

    @BeforeAll
    static void start() throws IOException {
        service = new ServiceUnderTest();
        log = new KafkaProducer<>(
                Map.of("bootstrap.servers", service.properties().get("kafka.bootstrap.servers")),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        log.close(Duration.ofSeconds(2));
        service.close();
    }

    @Test
    void usesAreCountedPerSessionHoweverOftenARecordComes() {
        String id = store("github");
        for (int i = 0; i < 3; i++) {
            write(record("r1", "s1", NOON, id));
            write(record("r2", "s1", NOON.plusSeconds(60), id));
            write(record("r3", "s2", NOON.plusSeconds(120), id));
        }
        log.send(new ProducerRecord<>(EgressRecord.TOPIC, "p1", new byte[] {'?'}));
        write(record("r4", "s3", NOON.plusSeconds(180), id));

        await().atMost(Duration.ofSeconds(30)).until(() -> view("github").contains("\"useCount\":4"));

        assertThat(view("github")).contains("\"lastUsedAt\":\"2026-05-01T12:03:00Z\"");
        assertThat(uses("github", "?limit=2"))
                .contains("\"sessionId\":\"s3\"", "\"sessionId\":\"s2\",\"useCount\":1", "nextCursor")
                .doesNotContain("\"s1\"");
        String cursor = uses("github", "?limit=2").replaceFirst(".*\"nextCursor\":\"([^\"]+)\".*", "$1");
        assertThat(uses("github", "?limit=2&cursor=" + cursor))
                .isEqualTo("{\"uses\":[{\"sessionId\":\"s1\",\"useCount\":2,\"firstUsedAt\":\"2026-05-01T12:00:00Z\","
                        + "\"lastUsedAt\":\"2026-05-01T12:01:00Z\"}]}");
    }

    @Test
    void anotherProjectsRecordCountsForNothingAndNeitherDoesOneOfNobody() {
        String id = store("google");
        UseStore uses = service.bean(UseStore.class);

        uses.count(List.of(
                new EgressRecord(
                        "x1",
                        "p2",
                        "s1",
                        NOON,
                        "https",
                        "h",
                        443,
                        "GET",
                        "/",
                        "allowed",
                        null,
                        200,
                        1,
                        1,
                        1,
                        null,
                        List.of(id)),
                record("x2", "s1", NOON, "gone"),
                record("x3", "s1", NOON, id, id)));

        assertThat(view("google")).contains("\"useCount\":1");
    }

    @Test
    void aThousandRecordsAreOneWrite() {
        String id = store("openai");
        List<EgressRecord> batch = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            batch.add(record("b" + i, "s" + i % 7, NOON.plusSeconds(i), id));
        }
        UseStore uses = service.bean(UseStore.class);

        uses.count(batch);
        uses.count(batch);

        assertThat(service.query("SELECT DISTINCT xmin::text FROM credential_use WHERE credential_id = '" + id + "'"))
                .as("written by one transaction, once")
                .hasSize(1);
        assertThat(view("openai")).contains("\"useCount\":1000");
        service.admin("DELETE", "/credentials/openai", "");
        assertThat(service.query("SELECT credential_id FROM credential_use WHERE credential_id = '" + id + "'"))
                .isEmpty();
    }

    private static EgressRecord record(String id, String session, Instant time, String... credentials) {
        return new EgressRecord(
                id,
                "p1",
                session,
                time,
                "https",
                "api.github.com",
                443,
                "GET",
                "/user",
                "allowed",
                null,
                200,
                10,
                10,
                5,
                null,
                List.of(credentials));
    }

    private static void write(EgressRecord record) {
        try {
            log.send(new ProducerRecord<>(
                    EgressRecord.TOPIC,
                    record.projectId(),
                    service.bean(ObjectMapper.class).writeValueAsBytes(record)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String store(String provider) {
        return service.admin("POST", "/credentials", "{\"provider\":\"" + provider + "\",\"apiKey\":\"k\"}")
                .body()
                .replaceFirst("\\{\"id\":\"([^\"]+)\".*", "$1");
    }

    private static String view(String provider) {
        return service.admin("GET", "/credentials/" + provider, "").body();
    }

    private static String uses(String provider, String query) {
        return service.admin("GET", "/credentials/" + provider + "/uses" + query, "")
                .body();
    }
}
