package dev.slipway.workspace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Repositories over ssh, at a real sshd, with a key whose private part only credential-service has. */
@NullMarked
@MicronautTest(transactional = false)
class SshRemoteTest extends ServiceTest {
    private static final Path SSHD = Path.of("/usr/sbin/sshd");

    private final HttpServer keeper = keeper();
    private final Path folder = folder();
    private final int port = freePort();
    private final AtomicInteger signatures = new AtomicInteger();
    private final KeyPair deployKey = keyPair();
    private @Nullable Process sshd;
    private String hostKey = "";

    @Override
    public Map<String, String> getProperties() {
        Map<String, String> properties = super.getProperties();
        properties.put(
                "slipway.services.credential-service.url",
                "http://127.0.0.1:" + keeper.getAddress().getPort());
        properties.put("slipway.workspaces.internal-hosts", "127.0.0.1");
        return properties;
    }

    @BeforeAll
    void startSshd() throws Exception {
        assumeThat(Files.isExecutable(SSHD)).as("openssh-server is installed").isTrue();
        for (String name : List.of("host", "other")) {
            new ProcessBuilder(
                            "ssh-keygen",
                            "-q",
                            "-t",
                            "ed25519",
                            "-N",
                            "",
                            "-f",
                            folder.resolve(name).toString())
                    .start()
                    .waitFor();
        }
        hostKey = publicKey("host");
        Files.writeString(
                folder.resolve("authorized_keys"),
                "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob()) + " deploy\n");
        Files.writeString(folder.resolve("sshd_config"), """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s/host
                AuthorizedKeysFile %s/authorized_keys
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                UsePAM no
                StrictModes no
                PidFile none
                """.formatted(port, folder, folder));
        Files.createDirectories(Path.of("/run/sshd"));
        sshd = new ProcessBuilder(
                        SSHD.toString(),
                        "-D",
                        "-e",
                        "-f",
                        folder.resolve("sshd_config").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sshd.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(20)).until(this::isListening);
    }

    @AfterAll
    void stop() {
        keeper.stop(0);
        if (sshd != null) {
            sshd.destroy();
        }
    }

    private String made(Map<String, Object> wish) {
        Answer created = call("POST", "/workspaces", wish);
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        String id = created.text("id");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> List.of("ready", "error").contains(status(id)));
        return id;
    }

    private Shell hosted(String name) {
        Shell made = Shell.repository(folder().resolve("made"));
        made.git("clone", "-q", "--bare", ".", folder.resolve(name + ".git").toString());
        return new Shell(folder.resolve(name + ".git"));
    }

    private String url(Shell repository, String host) {
        return "ssh://" + System.getProperty("user.name") + "@" + host + ":" + port + repository.folder();
    }

    @Test
    void aRepositoryIsClonedAndPushedToAndTheHostsKeyIsHeldTo() {
        Shell remote = hosted("one");

        String id = made(Map.of("path", url(remote, "127.0.0.1"), "credentialId", "deploy"));
        Answer workspace = call("GET", "/workspaces/" + id, null);
        call("POST", "/workspaces/" + id + "/git/branches", Map.of("name", "topic"));
        Answer pushed = call("POST", "/workspaces/" + id + "/git/push", Map.of("branch", "topic"));

        assertThat(workspace.body())
                .as(workspace.toString())
                .containsEntry("status", "ready")
                .containsEntry("hostKey", hostKey);
        assertThat(pushed.status()).as(pushed.toString()).isEqualTo(200);
        assertThat(remote.git("rev-parse", "topic")).isEqualTo(remote.git("rev-parse", "main"));
        assertThat(signatures.get()).isPositive();
    }

    @Test
    void anotherHostKeyThanTheKnownOneIsRefusedAndCanBeCorrected() throws Exception {
        Shell remote = hosted("two");

        String id =
                made(Map.of("path", url(remote, "127.0.0.1"), "credentialId", "deploy", "hostKey", publicKey("other")));
        Answer refused = call("GET", "/workspaces/" + id, null);
        call("PUT", "/workspaces/" + id, Map.of("hostKey", hostKey));
        Answer valid = call("POST", "/workspaces/" + id + "/validate", null);

        assertThat(refused.body()).containsEntry("status", "error");
        assertThat(refused.text("errorMessage")).contains("another key");
        assertThat(valid.body()).containsEntry("valid", true);
        await().atMost(Duration.ofSeconds(60)).until(() -> status(id).equals("ready"));
    }

    @Test
    void aHostWithAnInternalAddressIsRefusedUnlessItIsListed() {
        Shell remote = hosted("three");

        String id = made(Map.of("path", url(remote, "localhost"), "credentialId", "deploy"));

        assertThat(call("GET", "/workspaces/" + id, null).text("errorMessage")).contains("internal address");
    }

    @Test
    void anSshAddressNeedsAKeyAndCannotSmuggleAnything() {
        Answer keyless = call("POST", "/workspaces", Map.of("path", "git@github.com:acme/x.git"));
        assertThat(keyless.status()).isEqualTo(422);
        assertThat(keyless.text("detail")).contains("deploy key");
        for (String odd : List.of(
                "ssh://-oProxyCommand=id@github.com/x",
                "ssh://git@-oProxyCommand=id/x",
                "git@github.com:-x",
                "git@github.com:x;id",
                "git@github.com:../../etc",
                "ssh://git:secret@github.com/x",
                "ssh://github.com/x",
                "git@-host:x",
                "ssh://git@github.com/$(id)")) {
            Answer answer =
                    call("POST", "/workspaces", Map.of("path", odd, "sourceType", "git", "credentialId", "deploy"));
            assertThat(answer.status()).as(odd).isEqualTo(400);
        }
        Answer hostKeyed = call(
                "POST",
                "/workspaces",
                Map.of("path", "git@github.com:a/b", "credentialId", "deploy", "hostKey", "* ssh-rsa x\n@revoked"));
        assertThat(hostKeyed.status()).isEqualTo(400);
    }

    @Test
    void aKeyThatTheHostDoesNotKnowIsSaidPlainly() {
        Shell remote = hosted("four");

        String id = made(Map.of("path", url(remote, "127.0.0.1"), "credentialId", "unknown"));

        assertThat(call("GET", "/workspaces/" + id, null).text("errorMessage")).contains("no ssh key");
    }

    private HttpServer keeper() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 20);
            ObjectMapper json = new ObjectMapper();
            server.createContext("/internal/projects/p/credentials/", exchange -> {
                try (exchange) {
                    String path = exchange.getRequestURI().getPath();
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    Map<String, Object> answer;
                    if (path.endsWith("/deploy/ssh-key")) {
                        answer = Map.of("type", "ssh-ed25519", "publicKey", base64(blob()));
                    } else if (path.endsWith("/deploy/ssh-sign")) {
                        JsonNode wish = json.readTree(body);
                        answer = Map.of(
                                "signature",
                                base64(signed(Base64.getDecoder()
                                        .decode(wish.get("data").asText()))));
                    } else {
                        exchange.sendResponseHeaders(404, -1);
                        return;
                    }
                    byte[] bytes = json.writeValueAsBytes(answer);
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                }
            });
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] signed(byte[] data) {
        try {
            signatures.incrementAndGet();
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(deployKey.getPrivate());
            signature.update(data);
            return strings("ssh-ed25519".getBytes(US_ASCII), signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public key as RFC 8709 has it: the last 32 bytes of its X.509 form are the point. */
    private byte[] blob() {
        byte[] encoded = deployKey.getPublic().getEncoded();
        return strings(
                "ssh-ed25519".getBytes(US_ASCII), Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private static byte[] strings(byte[]... parts) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            for (byte[] part : parts) {
                out.writeInt(part.length);
                out.write(part);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String publicKey(String name) throws IOException {
        String[] words = Files.readString(folder.resolve(name + ".pub"), UTF_8).split(" ");
        return words[0] + " " + words[1].strip();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static KeyPair keyPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
