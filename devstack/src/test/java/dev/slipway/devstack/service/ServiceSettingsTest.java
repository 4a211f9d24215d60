package dev.slipway.devstack.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.devstack.home.Keys;
import dev.slipway.devstack.home.SlipwayHome;
import dev.slipway.devstack.postgres.DatabaseAddress;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the services are told: the same in both shapes, and no service more than its own. */
class ServiceSettingsTest {
    private static final ServiceSettings SETTINGS = new ServiceSettings(
            new SlipwayHome(Path.of("/srv/slipway")),
            Path.of("/srv/slipway/run"),
            Path.of("/nowhere"),
            new Keys("internal", "encryption"),
            null,
            Map.of(SuiteService.GATEWAY, 8080, SuiteService.SESSION, 40102),
            false,
            41000,
            Map.of(
                    "session", new DatabaseAddress("127.0.0.1", 5432, "slipway", "slipway_session", "one", Map.of()),
                    "gateway", new DatabaseAddress("127.0.0.1", 5432, "slipway", "slipway_gateway", "two", Map.of())),
            "127.0.0.1:9092");

    @Test
    void aProcessIsToldByTheEnvironmentAsInProduction() {
        assertThat(SETTINGS.environment(SuiteService.SESSION))
                .containsEntry("PORT", "40102")
                .containsEntry("DATABASE_URL", "jdbc:postgresql://127.0.0.1:5432/slipway?currentSchema=session")
                .containsEntry("DATABASE_USER", "slipway_session")
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092")
                .containsEntry("GATEWAY_URL", "http://127.0.0.1:8080")
                .containsEntry("SLIPWAY_INTERNAL_KEY", "internal");
    }

    @Test
    void servicesThatSpeakTlsAreCalledSoAndTheGatewayIsNot() {
        ServiceSettings secure = new ServiceSettings(
                SETTINGS.home(),
                SETTINGS.runDirectory(),
                SETTINGS.project(),
                SETTINGS.keys(),
                null,
                SETTINGS.ports(),
                true,
                SETTINGS.egressPort(),
                SETTINGS.databases(),
                SETTINGS.bootstrapServers());

        assertThat(secure.environment(SuiteService.GATEWAY))
                .containsEntry("SESSION_SERVICE_URL", "https://127.0.0.1:40102")
                .containsEntry("GATEWAY_URL", "http://127.0.0.1:8080");
    }

    @Test
    void aServiceInThisProcessIsToldTheSame() {
        assertThat(SETTINGS.properties(SuiteService.SESSION))
                .containsAllEntriesOf(SETTINGS.environment(SuiteService.SESSION))
                .containsEntry("micronaut.server.port", 40102)
                .containsEntry("micronaut.server.host", "127.0.0.1")
                .containsEntry("datasources.default.password", "one")
                .containsEntry("slipway.services.gateway.url", "http://127.0.0.1:8080");
    }

    @Test
    void noServiceIsGivenTheWayIntoAnothersSchema() {
        assertThat(SETTINGS.properties(SuiteService.SESSION).values()).doesNotContain("two", "slipway_gateway");
    }

    @Test
    void onlyCredentialServiceHasTheKeyOfStoredCredentials() {
        assertThat(SETTINGS.environment(SuiteService.CREDENTIAL)).containsEntry("ENCRYPTION_KEY", "encryption");
        assertThat(SETTINGS.environment(SuiteService.SESSION)).doesNotContainKey("ENCRYPTION_KEY");
    }

    @Test
    void onlyTheProxyIsToldToListenForWhatHasNoUnixSocket() {
        assertThat(SETTINGS.environment(SuiteService.MITM))
                .containsEntry("SLIPWAY_PROXY_TCP_ADDRESS", "127.0.0.1:41000");
        assertThat(SETTINGS.properties(SuiteService.MITM))
                .containsEntry("slipway.proxy.tcp.address", "127.0.0.1:41000");
        assertThat(SETTINGS.environment(SuiteService.GATEWAY)).doesNotContainKey("SLIPWAY_PROXY_TCP_ADDRESS");
    }
}
