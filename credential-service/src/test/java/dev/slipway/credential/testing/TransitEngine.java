package dev.slipway.credential.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Vault's transit engine with one key {@code slipway} of type aes256-gcm96: it really encrypts, has versions and a least version for
 * decryption, wants its token, and answers in Vault's shapes ({@code vault:v2:<base64 of nonce, ciphertext and tag>}).
 */
public final class TransitEngine implements AutoCloseable {
    /** The token that it wants. */
    public static final String TOKEN = "hvs.transit-token";

    /** How many calls it got. */
    public final AtomicInteger calls = new AtomicInteger();

    /** Whether it answers 503, as a sealed Vault does. */
    public volatile boolean sealed;

    /** Ciphertexts of lower versions are refused. */
    public volatile int leastVersion = 1;

    private static final int NONCE = 12;

    private final SecureRandom random = new SecureRandom();
    private final List<byte[]> keys = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /** Starts one. */
    public TransitEngine() throws IOException {
        rotate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/transit/", this::handle);
        server.start();
    }

    /** Where it is. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Makes a new version of the key. */
    public void rotate() {
        byte[] key = new byte[32];
        random.nextBytes(key);
        keys.add(key);
    }

    private void handle(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath().substring("/v1/transit".length());
        if (sealed) {
            reply(exchange, 503, "{\"errors\":[\"Vault is sealed\"]}");
        } else if (!TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
            reply(exchange, 403, "{\"errors\":[\"permission denied\"]}");
        } else {
            switch (path) {
                case "/keys/slipway" ->
                    reply(
                            exchange,
                            200,
                            "{\"data\":{\"name\":\"slipway\",\"type\":\"aes256-gcm96\",\"latest_version\":"
                                    + keys.size() + ",\"min_decryption_version\":" + leastVersion + "}}");
                case "/encrypt/slipway" -> encrypt(exchange, fields(body));
                case "/decrypt/slipway" -> decrypt(exchange, fields(body));
                default -> reply(exchange, 404, "{\"errors\":[]}");
            }
        }
    }

    private void encrypt(HttpExchange exchange, Map<String, String> fields) throws IOException {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        int version = keys.size();
        try {
            byte[] encrypted = crypt(Cipher.ENCRYPT_MODE, version, nonce, fields, bytes(fields, "plaintext"));
            byte[] whole = ByteBuffer.allocate(NONCE + encrypted.length)
                    .put(nonce)
                    .put(encrypted)
                    .array();
            reply(
                    exchange,
                    200,
                    "{\"data\":{\"ciphertext\":\"vault:v" + version + ":"
                            + Base64.getEncoder().encodeToString(whole) + "\",\"key_version\":" + version + "}}");
        } catch (GeneralSecurityException e) {
            reply(exchange, 500, "{\"errors\":[\"internal error\"]}");
        }
    }

    private void decrypt(HttpExchange exchange, Map<String, String> fields) throws IOException {
        String[] parts = Objects.requireNonNull(fields.get("ciphertext")).split(":", 3);
        int version = Integer.parseInt(parts[1].substring(1));
        if (version < leastVersion) {
            reply(
                    exchange,
                    400,
                    "{\"errors\":[\"ciphertext or signature version is disallowed by policy (too old)\"]}");
            return;
        }
        if (version > keys.size()) {
            reply(exchange, 400, "{\"errors\":[\"invalid ciphertext: version is too new\"]}");
            return;
        }
        try {
            byte[] whole = Base64.getDecoder().decode(parts[2]);
            byte[] plain = crypt(
                    Cipher.DECRYPT_MODE,
                    version,
                    Arrays.copyOf(whole, NONCE),
                    fields,
                    Arrays.copyOfRange(whole, NONCE, whole.length));
            reply(
                    exchange,
                    200,
                    "{\"data\":{\"plaintext\":\"" + Base64.getEncoder().encodeToString(plain) + "\"}}");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            reply(exchange, 400, "{\"errors\":[\"cipher: message authentication failed\"]}");
        }
    }

    private byte[] crypt(int mode, int version, byte[] nonce, Map<String, String> fields, byte[] input)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(keys.get(version - 1), "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(bytes(fields, "associated_data"));
        return cipher.doFinal(input);
    }

    private static byte[] bytes(Map<String, String> fields, String name) {
        return Base64.getDecoder().decode(fields.getOrDefault(name, ""));
    }

    private static Map<String, String> fields(String body) throws IOException {
        return Objects.requireNonNullElse(
                ObjectMapper.getDefault().readValue(body, Argument.mapOf(String.class, String.class)), Map.of());
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Settings of a service that uses it. */
    public Map<String, Object> settings() {
        return Map.of(
                "slipway.credential.key-service",
                "vault-transit",
                "slipway.credential.vault-transit.address",
                url(),
                "slipway.credential.vault-transit.token",
                TOKEN);
    }

    /** All versions of the key: what must be nowhere else. */
    public List<byte[]> keys() {
        return new ArrayList<>(keys);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
