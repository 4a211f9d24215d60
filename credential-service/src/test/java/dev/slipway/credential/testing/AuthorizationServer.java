package dev.slipway.credential.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Authorisation servers as Anthropic, OpenAI and GitHub have them: their paths, their bodies and their errors. Codes are checked
 * against their PKCE challenge and are good once; a refresh token is good once, and using it again voids all that came from it.
 */
public final class AuthorizationServer implements AutoCloseable {
    /** The calls that got a next token or were refused one. */
    public final AtomicInteger refreshes = new AtomicInteger();

    /** What was revoked. */
    public final List<String> revoked = new CopyOnWriteArrayList<>();

    /** Every request's path and body. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    /** What GitHub says to who polls: an error of RFC 8628, or {@code granted}. */
    public volatile String device = "authorization_pending";

    /** How long tokens are good for, in seconds. */
    public volatile int expiresIn = 28_800;

    /** Answers refreshes and revocations with this status instead, if it is not 0. */
    public volatile int trouble;

    /** The error of a refused refresh, if it is not empty. */
    public volatile String refuse = "";

    /** Held by refreshes that have been done, before they are answered. */
    public volatile CountDownLatch answer = new CountDownLatch(0);

    /** Whether the last refresh may be repeated, as providers do that allow for lost answers. */
    public volatile boolean forgiving;

    private final Map<String, String> challengeOfCode = new ConcurrentHashMap<>();
    private final Set<String> good = ConcurrentHashMap.newKeySet();
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private final Map<String, String> lastAnswers = new ConcurrentHashMap<>();
    private final AtomicInteger number = new AtomicInteger();
    private final String prefix;
    private final HttpServer server;

    /** Starts one; {@code prefix} begins all its tokens. */
    public AuthorizationServer(String prefix) throws IOException {
        this.prefix = prefix;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** Settings of a service that finds the providers here, with client ids. */
    public Map<String, Object> settings() {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return Map.of(
                "slipway.credential.outgoing.upstreams",
                List.of(
                        "console.anthropic.com=" + url,
                        "auth.openai.com=" + url,
                        "github.com=" + url,
                        "api.github.com=" + url,
                        "corp.ghe.com=" + url),
                "slipway.credential.oauth.anthropic.client-id",
                "client-a",
                "slipway.credential.oauth.anthropic.revoke-url",
                "https://console.anthropic.com/v1/oauth/revoke",
                "slipway.credential.oauth.codex.client-id",
                "client-c",
                "slipway.credential.oauth.github-copilot.client-id",
                "client-g",
                "slipway.credential.enterprise-domains",
                "*.ghe.com");
    }

    /** Forgets what was asked and given, and behaves again. */
    public void startAnew() {
        refreshes.set(0);
        number.set(0);
        revoked.clear();
        asked.clear();
        good.clear();
        used.clear();
        lastAnswers.clear();
        device = "authorization_pending";
        expiresIn = 28_800;
        trouble = 0;
        refuse = "";
        forgiving = false;
        answer = new CountDownLatch(0);
    }

    /** The user signs in at the address that a browser was sent to; what the provider shows or redirects with. */
    public String signIn(String url) {
        Map<String, String> query = form(url.substring(url.indexOf('?') + 1));
        String code = prefix + "code-" + number.incrementAndGet();
        challengeOfCode.put(code, Objects.requireNonNull(query.get("code_challenge")));
        return code + "#" + query.get("state");
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        asked.add(path + " " + body);
        boolean json = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                .startsWith("application/json");
        Map<String, String> fields = json ? json(body) : form(body);
        switch (path) {
            case "/v1/oauth/token" ->
                reply(exchange, json ? token(fields) : "400 {\"error\":{\"type\":\"invalid_request_error\"}}");
            case "/oauth/token" -> reply(exchange, json ? "415 {}" : token(fields));
            case "/v1/oauth/revoke", "/oauth/revoke" -> {
                if (trouble != 0) {
                    reply(exchange, trouble + " {}");
                    return;
                }
                revoked.add(Objects.requireNonNull(form(body).getOrDefault("token", json ? fields.get("token") : "")));
                reply(exchange, "200 {}");
            }
            case "/login/device/code" ->
                reply(
                        exchange,
                        "200 {\"device_code\":\"" + prefix
                                + "device\",\"user_code\":\"WDJB-MJHT\",\"verification_uri\":"
                                + "\"https://github.com/login/device\",\"expires_in\":899,\"interval\":1}");
            case "/login/oauth/access_token" ->
                reply(exchange, "refresh_token".equals(fields.get("grant_type")) ? token(fields) : polled());
            case "/copilot_internal/v2/token" -> {
                refreshes.incrementAndGet();
                reply(
                        exchange,
                        "200 {\"token\":\"" + prefix + "copilot-" + number.incrementAndGet() + "\",\"expires_at\":"
                                + (System.currentTimeMillis() / 1000 + expiresIn) + ",\"refresh_in\":1500}");
            }
            default -> reply(exchange, "404 {}");
        }
    }

    /** GitHub says no with 200. */
    private String polled() {
        return switch (device) {
            case "granted" ->
                "200 {\"access_token\":\"" + prefix + "gho\",\"token_type\":\"bearer\",\"scope\":\"read:user\"}";
            case "slow_down" ->
                "200 {\"error\":\"slow_down\",\"error_description\":\"Too many requests\",\"interval\":3}";
            default -> "200 {\"error\":\"" + device + "\",\"error_description\":\"…\"}";
        };
    }

    private String token(Map<String, String> fields) {
        if ("authorization_code".equals(fields.get("grant_type"))) {
            String challenge = challengeOfCode.remove(Objects.requireNonNull(fields.get("code")));
            boolean proven = challenge != null && challenge.equals(s256(fields.getOrDefault("code_verifier", "")));
            return proven
                    ? given()
                    : "400 {\"error\":\"invalid_grant\",\"error_description\":\"code " + fields.get("code") + "\"}";
        }
        return refresh(Objects.requireNonNull(fields.get("refresh_token")));
    }

    private String refresh(String token) {
        refreshes.incrementAndGet();
        if (trouble != 0) {
            return trouble + " upstream trouble";
        }
        if (!refuse.isEmpty()) {
            return "400 {\"error\":\"" + refuse + "\"}";
        }
        String answered;
        synchronized (this) {
            if (forgiving && lastAnswers.containsKey(token)) {
                return lastAnswers.get(token);
            }
            if (!good.remove(token)) {
                if (used.contains(token)) {
                    good.clear();
                }
                return "400 {\"error\":\"invalid_grant\",\"error_description\":\"" + token + "\"}";
            }
            used.add(token);
            answered = given();
            lastAnswers.put(token, answered);
        }
        try {
            if (!answer.await(30, TimeUnit.SECONDS)) {
                return "504 {}";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answered;
    }

    private String given() {
        int next = number.incrementAndGet();
        String refresh = prefix + "refresh-" + next;
        good.add(refresh);
        String claims = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"https://api.openai.com/auth\":{\"chatgpt_account_id\":\"acc-7\"}}"
                        .getBytes(StandardCharsets.UTF_8));
        return "200 {\"token_type\":\"Bearer\",\"access_token\":\"" + prefix + "access-" + next + "\",\"expires_in\":"
                + expiresIn + ",\"refresh_token\":\"" + refresh + "\",\"scope\":\"user:inference\",\"id_token\":\"e30."
                + claims + ".sig\"}";
    }

    private static void reply(HttpExchange exchange, String answer) throws IOException {
        byte[] body = answer.substring(4).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Map<String, String> json(String body) throws IOException {
        return Objects.requireNonNull(
                ObjectMapper.getDefault().readValue(body, Argument.mapOf(String.class, String.class)));
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return fields;
    }

    private static String s256(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
