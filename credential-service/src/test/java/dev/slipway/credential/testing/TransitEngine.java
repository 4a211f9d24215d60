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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Vault's transit engine with one key {@code slipway} of type aes256-gcm96, and logins by AppRole. It really encrypts, has versions
 * and a least version for decryption, wants a token that is valid and its namespace, and answers in the shapes and with the errors
 * that Vault's documentation and source have ({@code vault:v2:<base64 of nonce, ciphertext and tag>}).
 */
public final class TransitEngine implements AutoCloseable {
    /** The token that it wants. */
    public static final String TOKEN = "hvs.transit-token";

    /** The role that may log in, and its secret. */
    public static final String ROLE = "role-5f0c";

    public static final String ROLE_SECRET = "secret-id-9a7e";

    /** How many logins, also refused ones, and renewals it got. */
    public final AtomicInteger logins = new AtomicInteger();

    public final AtomicInteger renewals = new AtomicInteger();

    /** The namespace that everything is in; empty for the root. */
    public volatile String namespace = "";

    /** How many seconds a login's token is good for. */
    public volatile int leaseSeconds = 3600;

    /** Whether tokens have reached their greatest age, so that none is renewed. */
    public volatile boolean tooOldToRenew;

    /** Answered to all calls of the engine instead, a status and a body; empty for nothing. */
    public volatile String instead = "";

    /** How many calls it got. */
    public final AtomicInteger calls = new AtomicInteger();

    /** Whether it answers 503, as a sealed Vault does. */
    public volatile boolean sealed;

    /** How often it did that. */
    public final AtomicInteger sealedCalls = new AtomicInteger();

    /** Ciphertexts of lower versions are refused. */
    public volatile int leastVersion = 1;

    private static final int NONCE = 12;

    private final SecureRandom random = new SecureRandom();
    /** Tokens and when ({@link System#nanoTime}) they end. */
    private final Map<String, Long> tokens = new ConcurrentHashMap<>();

    private final List<byte[]> keys = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /** Starts one. */
    public TransitEngine() throws IOException {
        rotate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/", this::handle);
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

    /** Ends all tokens that logins gave. */
    public void revoke() {
        tokens.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath().substring("/v1".length());
        String token = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Vault-Token"), "");
        String asked = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Vault-Namespace"), "");
        if (sealed) {
            sealedCalls.incrementAndGet();
            refuse(exchange, 503, "Vault is sealed");
        } else if (!asked.equals(namespace) || !path.matches("/(transit|auth/approle|auth/token)/.*")) {
            refuse(exchange, 404, "no handler for route \\\"" + path.substring(1) + "\\\". route entry not found.");
        } else if (path.equals("/auth/approle/login")) {
            login(exchange, fields(body));
        } else if (!isGood(token)) {
            refuse(exchange, 403, "2 errors occurred:\\n\\t* permission denied\\n\\t* invalid token\\n\\n");
        } else if (path.equals("/auth/token/renew-self")) {
            renew(exchange, token);
        } else {
            calls.incrementAndGet();
            transit(exchange, path, body);
        }
    }

    private void transit(HttpExchange exchange, String path, String body) throws IOException {
        if (!instead.isEmpty()) {
            reply(exchange, Integer.parseInt(instead.substring(0, 3)), instead.substring(4));
            return;
        }
        switch (path) {
            case "/transit/keys/slipway" ->
                data(
                        exchange,
                        "{\"name\":\"slipway\",\"type\":\"aes256-gcm96\",\"deletion_allowed\":false,\"exportable\":false,"
                                + "\"latest_version\":" + keys.size() + ",\"min_available_version\":0,"
                                + "\"min_decryption_version\":" + leastVersion + ",\"min_encryption_version\":0,"
                                + "\"supports_encryption\":true,\"supports_decryption\":true}");
            case "/transit/encrypt/slipway" -> encrypt(exchange, fields(body));
            case "/transit/decrypt/slipway" -> decrypt(exchange, fields(body));
            default -> {
                if (path.startsWith("/transit/decrypt/")) {
                    refuse(exchange, 400, "encryption key not found");
                } else {
                    reply(exchange, 404, "{\"errors\":[]}");
                }
            }
        }
    }

    private boolean isGood(String token) {
        return token.equals(TOKEN) || System.nanoTime() < tokens.getOrDefault(token, Long.MIN_VALUE);
    }

    private void login(HttpExchange exchange, Map<String, String> fields) throws IOException {
        logins.incrementAndGet();
        if (ROLE.equals(fields.get("role_id")) && ROLE_SECRET.equals(fields.get("secret_id"))) {
            lease(exchange, "hvs.of-login-" + logins);
        } else {
            refuse(exchange, 400, "invalid role or secret ID");
        }
    }

    private void renew(HttpExchange exchange, String token) throws IOException {
        renewals.incrementAndGet();
        if (tooOldToRenew) {
            refuse(exchange, 403, "1 error occurred:\\n\\t* permission denied\\n\\n");
        } else {
            lease(exchange, token);
        }
    }

    private void lease(HttpExchange exchange, String token) throws IOException {
        tokens.put(token, System.nanoTime() + leaseSeconds * 1_000_000_000L);
        reply(
                exchange,
                200,
                "{\"request_id\":\"b0e0\",\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,\"data\":null,"
                        + "\"wrap_info\":null,\"warnings\":null,\"auth\":{\"client_token\":\"" + token
                        + "\",\"accessor\":\"acc\",\"policies\":[\"default\",\"slipway\"],\"token_policies\":[\"default\","
                        + "\"slipway\"],\"metadata\":{\"role_name\":\"slipway\"},\"lease_duration\":" + leaseSeconds
                        + ",\"renewable\":true,\"entity_id\":\"e1\",\"token_type\":\"service\",\"orphan\":true,"
                        + "\"mfa_requirement\":null,\"num_uses\":0}}");
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
            data(
                    exchange,
                    "{\"ciphertext\":\"vault:v" + version + ":"
                            + Base64.getEncoder().encodeToString(whole) + "\",\"key_version\":" + version + "}");
        } catch (GeneralSecurityException e) {
            refuse(exchange, 500, "internal error");
        }
    }

    private void decrypt(HttpExchange exchange, Map<String, String> fields) throws IOException {
        String[] parts = Objects.requireNonNull(fields.get("ciphertext")).split(":", 3);
        int version = Integer.parseInt(parts[1].substring(1));
        if (version < leastVersion) {
            refuse(exchange, 400, "ciphertext or signature version is disallowed by policy (too old)");
            return;
        }
        if (version > keys.size()) {
            refuse(exchange, 400, "invalid ciphertext: version is too new");
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
            data(exchange, "{\"plaintext\":\"" + Base64.getEncoder().encodeToString(plain) + "\"}");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            refuse(exchange, 400, "cipher: message authentication failed");
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

    private static void data(HttpExchange exchange, String data) throws IOException {
        reply(
                exchange,
                200,
                "{\"request_id\":\"7a1f\",\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,\"data\":" + data
                        + ",\"wrap_info\":null,\"warnings\":null,\"auth\":null,\"mount_type\":\"transit\"}");
    }

    private static void refuse(HttpExchange exchange, int status, String error) throws IOException {
        reply(exchange, status, "{\"errors\":[\"" + error + "\"]}");
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
