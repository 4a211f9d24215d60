package dev.slipway.credential.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.credential.testing.TransitEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void eachThingThatIsWrongWithVaultIsToldAndNoFaultOfTheSecret() {
        byte[] sealed = vault.seal(BINDING, SECRET);

        Map.of(
                        "403 {\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}",
                        "permission denied",
                        "404 {\"errors\":[]}",
                        "it answered 404",
                        "412 {\"errors\":[\"required index state not present\"]}",
                        "required index state not present",
                        "429 {\"errors\":[\"request path \\\"transit/decrypt/slipway\\\": rate limit quota exceeded\"]}",
                        "rate limit quota exceeded",
                        "500 {\"errors\":[\"internal error\"]}",
                        "internal error",
                        "502 <html>a gateway</html>",
                        "it answered 502",
                        "200 {\"data\":null,\"warnings\":[\"none\"]}",
                        "no data",
                        "200 <html>a login page</html>",
                        "no answer")
                .forEach((answer, said) -> {
                    engine.instead = answer;
                    assertThatThrownBy(() -> vault.open(BINDING, sealed))
                            .as(answer)
                            .isInstanceOf(KeyServiceUnavailableException.class)
                            .hasMessageContaining(said);
                });
        engine.instead = "";
        assertThat(List.of(sealed))
                .allSatisfy(each -> assertThat(vault.open(BINDING, each)).isEqualTo(SECRET));
    }

    @Test
    void eachThingThatVaultSaysOfACiphertextIsSaidOfTheSecretAlone() {
        byte[] sealed = vault.seal(BINDING, SECRET);

        for (String said : List.of(
                "cipher: message authentication failed",
                "invalid ciphertext: no prefix",
                "invalid ciphertext: could not decode base64",
                "invalid ciphertext: version is too new",
                "ciphertext or signature version is disallowed by policy (too old)",
                "encryption key not found")) {
            engine.instead = "400 {\"errors\":[\"" + said + "\"]}";
            assertThatThrownBy(() -> vault.open(BINDING, sealed))
                    .isInstanceOf(SealedSecretException.class)
                    .hasMessageContaining(said);
            assertThatThrownBy(() -> vault.seal(BINDING, SECRET))
                    .as("what it refuses to encrypt is no stored secret")
                    .isInstanceOf(KeyServiceUnavailableException.class);
        }
    }

    @Test
    void aNamespaceGoesAlongWithEveryCall() throws Exception {
        engine.namespace = "team/a";
        Vault inside = vault(byRole(TransitEngine.ROLE_SECRET, "", "team/a"));

        assertThat(inside.open(BINDING, inside.seal(BINDING, SECRET))).isEqualTo(SECRET);
        assertThatThrownBy(() -> vault.seal(BINDING, SECRET))
                .isInstanceOf(KeyServiceUnavailableException.class)
                .hasMessageContaining("route entry not found");
    }

    @Test
    void aLoginByRoleServesManyCallsAndIsRenewedAndReplaced() throws Exception {
        Vault byRole = vault(byRole(TransitEngine.ROLE_SECRET, "", ""));
        engine.leaseSeconds = 4;

        byte[] sealed = byRole.seal(BINDING, SECRET);
        for (int i = 0; i < 5; i++) {
            assertThat(byRole.open(BINDING, sealed)).isEqualTo(SECRET);
        }
        assertThat(engine.logins).as("logins").hasValue(1);

        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    byRole.open(BINDING, sealed);
                    return engine.renewals.get() >= 2;
                });
        assertThat(engine.logins).as("logins while it is renewed").hasValue(1);

        engine.tooOldToRenew = true;
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    byRole.open(BINDING, sealed);
                    return engine.logins.get() >= 2;
                });

        engine.leaseSeconds = 3600;
        engine.revoke();
        assertThat(byRole.open(BINDING, sealed)).as("after it was revoked").isEqualTo(SECRET);
        assertThat(engine.logins).hasValue(3);
    }

    @Test
    void aRefusedLoginIsNotRepeatedForAWhileAndAFreshSecretIsReadFromItsFile(@TempDir Path folder) throws Exception {
        Vault wrong = vault(byRole("another", "", ""));
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> wrong.seal(BINDING, SECRET))
                    .isInstanceOf(KeyServiceUnavailableException.class)
                    .hasMessageContaining("invalid role or secret ID")
                    .hasMessageNotContaining("another");
        }
        assertThat(engine.logins).hasValue(1);

        Path file = folder.resolve("secret-id");
        Vault fromFile = vault(byRole("", file.toString(), ""));
        assertThatThrownBy(() -> fromFile.seal(BINDING, SECRET)).hasMessageContaining("cannot be read");
        Files.writeString(file, TransitEngine.ROLE_SECRET + "\n");
        assertThat(fromFile.open(BINDING, fromFile.seal(BINDING, SECRET))).isEqualTo(SECRET);
    }

    @Test
    void aVaultInTroubleIsAskedForALoginNowAndThenAndServesWhenItIsWell() {
        Vault byRole = vault(byRole(TransitEngine.ROLE_SECRET, "", ""));
        engine.sealed = true;
        long begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> byRole.seal(BINDING, SECRET)).isInstanceOf(KeyServiceUnavailableException.class);
        }
        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        assertThat(engine.sealedCalls.get()).as("calls in %d s", seconds).isBetween(1, (int) seconds + 1);

        engine.sealed = false;

        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> Arrays.equals(byRole.open(BINDING, byRole.seal(BINDING, SECRET)), SECRET));
    }

    private TransitSettings byRole(String secret, String secretFile, String namespace) {
        return new TransitSettings(
                engine.url(),
                "",
                "",
                TransitEngine.ROLE,
                secret,
                secretFile,
                "approle",
                namespace,
                "transit",
                "slipway",
                "",
                Duration.ofSeconds(5));
    }

    private Vault vault(String token) {
        return vault(new TransitSettings(
                engine.url(), token, "", "", "", "", "approle", "", "transit", "slipway", "", Duration.ofSeconds(5)));
    }

    private static Vault vault(TransitSettings settings) {
        return new Vault(new KeyWrappers(new TransitKeys(new TransitClient(settings), settings)));
    }
}
