package dev.slipway.credential.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.credential.testing.TransitEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets whose data keys are wrapped by Vault, which alone has the master key. */
class TransitKeysTest {
    private static final Binding BINDING = new Binding("project", "credential", 7, "value");
    private static final byte[] SECRET = "sk-a-secret".getBytes(UTF_8);

    private TransitEngine engine;
    private Vault vault;

    @BeforeEach
    void start() throws IOException {
        engine = new TransitEngine();
        vault = vault(TransitEngine.TOKEN);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void whatWasSealedOpensAndNamesTheVersionOfItsKey() throws Exception {
        byte[] sealed = vault.seal(BINDING, SECRET);

        assertThat(vault.open(BINDING, sealed)).isEqualTo(SECRET);
        assertThat(vault.keyIdOf(sealed)).isEqualTo("transit/slipway/v1").isEqualTo(vault.currentKeyId());
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] sealed = vault.seal(BINDING, SECRET);

        for (int bit = 0; bit < 8 * sealed.length; bit += 3) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> vault.open(BINDING, changed))
                    .as("bit %s", bit)
                    .isInstanceOf(SealedSecretException.class);
        }
    }

    @Test
    void aSecretMovedElsewhereOrCutOffDoesNotOpen() {
        byte[] sealed = vault.seal(BINDING, SECRET);

        List.of(
                        new Binding("other", "credential", 7, "value"),
                        new Binding("project", "other", 7, "value"),
                        new Binding("project", "credential", 6, "value"),
                        new Binding("project", "credential", 7, "refresh"))
                .forEach(elsewhere -> assertThatThrownBy(() -> vault.open(elsewhere, sealed))
                        .isInstanceOf(SealedSecretException.class)
                        .hasMessageContaining("belongs elsewhere"));
        for (int length = 0; length < sealed.length; length += 7) {
            byte[] cut = java.util.Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> vault.open(BINDING, cut)).isInstanceOf(SealedSecretException.class);
        }
    }

    @Test
    void afterARotationOldOnesOpenAndRenewingMakesTheOldVersionNeedless() throws Exception {
        byte[] old = vault.seal(BINDING, SECRET);
        engine.rotate();

        byte[] renewed = vault.renew(BINDING, old);

        assertThat(vault.open(BINDING, old)).isEqualTo(SECRET);
        assertThat(vault.keyIdOf(renewed)).isEqualTo("transit/slipway/v2");
        engine.leastVersion = 2;
        assertThat(vault.open(BINDING, renewed)).isEqualTo(SECRET);
        assertThatThrownBy(() -> vault.open(BINDING, old)).hasMessageContaining("too old");
    }

    @Test
    void aVaultThatIsAwayOrRefusesUsIsNoFaultOfTheSecret() {
        byte[] sealed = vault.seal(BINDING, SECRET);

        assertThatThrownBy(() -> vault("another token").open(BINDING, sealed))
                .isInstanceOf(KeyServiceUnavailableException.class)
                .hasMessageContaining("403")
                .hasMessageNotContaining("another token");
        engine.sealed = true;
        assertThatThrownBy(() -> vault.open(BINDING, sealed))
                .isInstanceOf(KeyServiceUnavailableException.class)
                .hasMessageContaining("Vault is sealed");
        engine.close();
        assertThatThrownBy(() -> vault.seal(BINDING, SECRET)).isInstanceOf(KeyServiceUnavailableException.class);
    }

    @Test
    void theServiceMovesToVaultAndBackAndOutlastsItsAbsence() throws IOException {
        Map<String, Object> local = Map.of("slipway.credential.key-service", "local");
        try (ServiceUnderTest service = new ServiceUnderTest()) {
            service.admin("POST", "/credentials", "{\"provider\":\"github\",\"apiKey\":\"ghp-kept\"}");

            Map<String, Object> toVault = new HashMap<>(engine.settings());
            toVault.put("ENCRYPTION_KEY", "");
            toVault.put("ENCRYPTION_KEYS_PREVIOUS", ServiceUnderTest.KEY);
            service.restart(toVault);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.query("SELECT key_id FROM credential").equals(List.of("transit/slipway/v1")));
            service.restart(Map.of("ENCRYPTION_KEYS_PREVIOUS", ""));
            assertThat(service.rules()).as("with Vault alone").contains("ghp-kept");

            int calls = engine.calls.get();
            service.rules();
            assertThat(engine.calls)
                    .as("a lookup asks Vault for nothing that is open")
                    .hasValueLessThan(calls + 2);
            engine.sealed = true;
            assertThat(service.rules()).as("while Vault is away").contains("ghp-kept");
            var refused = service.admin("POST", "/credentials", "{\"provider\":\"google\",\"apiKey\":\"AIza\"}");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("problems/key-service-unavailable");
            engine.sealed = false;

            // What an older version sealed is sealed anew by reading it.
            engine.rotate();
            service.admin("POST", "/credentials", "{\"provider\":\"google\",\"apiKey\":\"AIza\"}");
            service.execute("INSERT INTO master_key (key_id) VALUES ('transit/slipway/v2') ON CONFLICT DO NOTHING");
            service.execute("UPDATE master_key SET adopted_at = now() - interval '1 day' WHERE key_id LIKE '%v1'");
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                service.rules();
                return service.query("SELECT DISTINCT key_id FROM credential").equals(List.of("transit/slipway/v2"));
            });

            Map<String, Object> back = new HashMap<>(local);
            back.put("ENCRYPTION_KEY", ServiceUnderTest.KEY);
            service.restart(back);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.masterKey().contains("\"remaining\":0"));
            assertThat(service.rules()).contains("ghp-kept", "AIza");
        }
    }

    private Vault vault(String token) {
        TransitSettings settings =
                new TransitSettings(engine.url(), token, "", "", "transit", "slipway", "", Duration.ofSeconds(5));
        return new Vault(new KeyWrappers(new TransitKeys(new TransitClient(settings), settings)));
    }
}
