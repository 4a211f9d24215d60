package dev.slipway.credential.signing;

import static dev.slipway.credential.testing.ServiceUnderTest.PROJECT;
import static dev.slipway.credential.testing.ServiceUnderTest.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** workspace-service borrows a key's signatures; nobody gets the key. */
class SshSigningTest {
    private static final Caller BORROWER = Caller.system("workspace-service", PROJECT);
    private static final String DATA =
            Base64.getEncoder().encodeToString("to be signed".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    private static ServiceUnderTest service;
    private static String stored;
    private static String id;

    @BeforeAll
    static void start() throws IOException {
        service = new ServiceUnderTest();
        stored = service.admin(
                        "POST", "/credentials", "{\"provider\":\"shop-key\",\"kind\":\"ssh\",\"generate\":\"ed25519\"}")
                .body();
        id = stored.replaceFirst("\\{\"id\":\"([^\"]+)\".*", "$1");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void aKeyMadeHereShowsItsPublicHalfAlone() {
        assertThat(stored)
                .contains("\"publicKey\":\"ssh-ed25519 AAAA", "\"authType\":\"ssh_key\"", "\"kind\":\"ssh\"")
                .doesNotContain("PRIVATE", "last4");
        assertThat(service.rules()).doesNotContain(id);
    }

    @Test
    void workspaceServiceGetsThePublicKeyAndSignatures() {
        String key = call(BORROWER, "GET", "/ssh-key", "").body();
        String signed = call(BORROWER, "POST", "/ssh-sign", "{\"data\":\"" + DATA + "\",\"flags\":0}")
                .body();

        assertThat(key).startsWith("{\"type\":\"ssh-ed25519\",\"publicKey\":\"AAAAC3NzaC1lZDI1NTE5");
        assertThat(stored).contains(key.replaceFirst(".*\"publicKey\":\"([^\"]+)\".*", "$1"));
        byte[] blob = Base64.getDecoder().decode(signed.replaceFirst("\\{\"signature\":\"([^\"]+)\"}", "$1"));
        assertThat(new String(blob, 4, 11, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("ssh-ed25519");
        assertThat(blob).hasSize(4 + 11 + 4 + 64);
    }

    @Test
    void nobodyElseDoes() {
        for (Caller caller : new Caller[] {
            user(Role.OWNER),
            Caller.system("mitm-proxy", PROJECT),
            Caller.system("gateway", PROJECT),
            new Caller("workspace-service", "ana", null, null, PROJECT, Role.OWNER, null)
        }) {
            assertThat(call(caller, "GET", "/ssh-key", "").statusCode())
                    .as("%s", caller)
                    .isEqualTo(403);
            assertThat(call(caller, "POST", "/ssh-sign", "{\"data\":\"" + DATA + "\"}")
                            .statusCode())
                    .as("%s", caller)
                    .isEqualTo(403);
        }
        Caller elsewhere = Caller.system("workspace-service", "p2");
        assertThat(call(elsewhere, "GET", "/ssh-key", "").statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsNoKeyOrNoDataIsRefused() {
        String token = service.admin("POST", "/credentials", "{\"provider\":\"github\",\"apiKey\":\"ghp\"}")
                .body()
                .replaceFirst("\\{\"id\":\"([^\"]+)\".*", "$1");

        assertThat(service.call(BORROWER, "GET", PROJECT, "/credentials/" + token + "/ssh-key", "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(call(BORROWER, "POST", "/ssh-sign", "{\"data\":\"%%%\"}").statusCode())
                .isEqualTo(400);
        assertThat(call(BORROWER, "POST", "/ssh-sign", "{}").statusCode()).isEqualTo(400);
    }

    private static HttpResponse<String> call(Caller caller, String method, String path, String body) {
        return service.call(caller, method, PROJECT, "/credentials/" + id + path, body);
    }
}
