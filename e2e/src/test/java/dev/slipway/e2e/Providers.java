package dev.slipway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Where users sign in, on this machine and behind TLS: the authorisation servers of Anthropic, OpenAI and GitHub with their paths,
 * bodies and errors; and what asks for credentials beside them: Copilot's models, an npm registry with a package and a container
 * registry with an image. Every
 * code and token that it gives begins with {@code canary-}; the verifiers that it was shown are in {@link #verifiers}.
 */
final class Providers implements AutoCloseable {
    static final String NPM = "npm.example.com";
    static final String REGISTRY = "registry.example.com";
    static final String COPILOT = "api.githubcopilot.com";
    private static final List<String> HOSTS =
            List.of("console.anthropic.com", "auth.openai.com", "github.com", COPILOT, NPM, REGISTRY);

    private static final byte[] LAYER = "the bytes of a layer".getBytes(StandardCharsets.UTF_8);
    private static final String LAYER_DIGEST = "sha256:" + HexFormat.of().formatHex(digest(LAYER));

    /** What PKCE proved codes with. */
    final List<String> verifiers = new CopyOnWriteArrayList<>();
    /** What was revoked. */
    final List<String> revoked = new CopyOnWriteArrayList<>();
    /** What GitHub says to who polls: an error of RFC 8628, or {@code granted}. */
    volatile String device = "authorization_pending";
    /** How refreshes are refused, a status and a body; empty for not at all. */
    volatile String refuse = "";

    final String npmToken = canary("npm");
    final String registryPassword = canary("registry");

    private final String copilotToken = canary("gho");
    private final Map<String, String> challengeOfCode = new ConcurrentHashMap<>();
    private final Set<String> refreshTokens = ConcurrentHashMap.newKeySet();
    private final byte[] npmPackage;
    private final HttpsServer server;
    private final Path certificate;

    private Providers(Path folder) throws IOException, GeneralSecurityException {
        Files.createDirectories(folder);
        LocalTls tls = LocalTls.of(folder, "providers", HOSTS);
        certificate = tls.certificate();
        npmPackage = npmPackage(folder);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    static Providers start(Path folder) {
        try {
            return new Providers(folder);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("the providers do not start", e);
        }
    }

    /** The value of {@code SLIPWAY_UPSTREAMS}. */
    String upstreams() {
        return HOSTS.stream()
                .map(host -> host + "=https://127.0.0.1:" + server.getAddress().getPort())
                .collect(Collectors.joining(","));
    }

    /** The client ids that an operator got from the providers. */
    static Map<String, String> clients() {
        return Map.of(
                "ANTHROPIC_CLIENT_ID",
                "client-a",
                "CODEX_CLIENT_ID",
                "client-c",
                "GITHUB_COPILOT_CLIENT_ID",
                "client-g");
    }

    /** The certificate to trust, PEM. */
    Path certificate() {
        return certificate;
    }

    /** The user signs in at the address that a browser was sent to; the answer is what the provider shows: {@code code#state}. */
    String signIn(String url) {
        Map<String, String> query = form(url.substring(url.indexOf('?') + 1));
        String code = canary("code");
        challengeOfCode.put(code, Objects.requireNonNull(query.get("code_challenge")));
        return code + "#" + query.get("state");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String shown = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
        boolean json = body.startsWith("{");
        Map<String, String> fields = json ? json(body) : form(body);
        Reply reply = switch (exchange.getRequestURI().getPath()) {
            // Anthropic takes JSON alone, OpenAI and GitHub forms alone.
            case "/v1/oauth/token" -> json ? token(fields) : Reply.of(400, "invalid_request");
            case "/oauth/token" -> json ? Reply.of(415, "invalid_request") : token(fields);
            case "/oauth/revoke" -> {
                revoked.add(fields.getOrDefault("token", ""));
                yield new Reply(200, "{}");
            }
            case "/login/device/code" ->
                new Reply(
                        200,
                        "{\"device_code\":\"" + canary("device") + "\",\"user_code\":\"WDJB-MJHT\","
                                + "\"verification_uri\":\"https://github.com/login/device\",\"expires_in\":899,\"interval\":1}");
            case "/login/oauth/access_token" -> polled();
            case "/models" -> open(shown.equals("Bearer " + copilotToken));
            case "/left-pad" -> opened(shown.equals("Bearer " + npmToken), packument());
            case "/left-pad/-/left-pad-1.0.0.tgz" -> opened(shown.equals("Bearer " + npmToken), npmPackage);
            case "/v2/" -> open(ofRobot(shown));
            case "/v2/team/tool/manifests/latest" -> opened(ofRobot(shown), manifest());
            default ->
                exchange.getRequestURI().getPath().equals("/v2/team/tool/blobs/" + LAYER_DIGEST)
                        ? opened(ofRobot(shown), LAYER)
                        : new Reply(404, "{}");
        };
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(reply.status, reply.body.length);
        exchange.getResponseBody().write(reply.body);
        exchange.close();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Reply(int status, byte[] body) {
        Reply(int status, String body) {
            this(status, body.getBytes(StandardCharsets.UTF_8));
        }

        static Reply of(int status, String error) {
            return new Reply(status, "{\"error\":\"" + error + "\"}");
        }
    }

    private static Reply open(boolean allowed) {
        return allowed ? new Reply(200, "{\"opened\":true}") : Reply.of(401, "unauthorized");
    }

    private static Reply opened(boolean allowed, byte[] body) {
        return allowed ? new Reply(200, body) : Reply.of(401, "unauthorized");
    }

    private boolean ofRobot(String shown) {
        return shown.equals("Basic " + base64("robot:" + registryPassword));
    }

    private static byte[] npmPackage(Path folder) throws IOException {
        Path content = Files.createDirectories(folder.resolve("package"));
        Files.writeString(content.resolve("package.json"), "{\"name\":\"left-pad\",\"version\":\"1.0.0\"}");
        Path file = folder.resolve("left-pad.tgz");
        Commands.run(folder, Map.of(), Duration.ofSeconds(20), "tar", "-czf", file.toString(), "package")
                .orFail();
        return Files.readAllBytes(file);
    }

    private byte[] packument() {
        return ("{\"name\":\"left-pad\",\"dist-tags\":{\"latest\":\"1.0.0\"},\"versions\":{\"1.0.0\":{\"name\":\"left-pad\","
                        + "\"version\":\"1.0.0\",\"dist\":{\"tarball\":\"https://" + NPM
                        + "/left-pad/-/left-pad-1.0.0.tgz\",\"integrity\":\"sha256-"
                        + Base64.getEncoder().encodeToString(digest(npmPackage)) + "\"}}}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] manifest() {
        return ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"layers\":[{\"mediaType\":"
                        + "\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"" + LAYER_DIGEST
                        + "\",\"size\":"
                        + LAYER.length + "}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** GitHub says no with 200. */
    private Reply polled() {
        return device.equals("granted")
                ? new Reply(
                        200,
                        "{\"access_token\":\"" + copilotToken + "\",\"token_type\":\"bearer\",\"scope\":\"read:user\"}")
                : Reply.of(200, device);
    }

    private Reply token(Map<String, String> fields) {
        if ("refresh_token".equals(fields.get("grant_type"))) {
            if (!refuse.isEmpty()) {
                return new Reply(Integer.parseInt(refuse.substring(0, 3)), refuse.substring(4));
            }
            // Good once.
            return refreshTokens.remove(fields.getOrDefault("refresh_token", ""))
                    ? given()
                    : Reply.of(400, "invalid_grant");
        }
        String verifier = fields.getOrDefault("code_verifier", "");
        String challenge = challengeOfCode.remove(fields.getOrDefault("code", ""));
        verifiers.add(verifier);
        return challenge != null && challenge.equals(s256(verifier)) ? given() : Reply.of(400, "invalid_grant");
    }

    private Reply given() {
        String refresh = canary("refresh");
        refreshTokens.add(refresh);
        ObjectNode claims = Api.JSON.createObjectNode().put("sub", canary("subject"));
        claims.putObject("https://api.openai.com/auth").put("chatgpt_account_id", "acc-7");
        String idToken = "e30." + base64Url(claims.toString().getBytes(StandardCharsets.UTF_8)) + ".sig";
        return new Reply(
                200,
                Api.JSON
                        .createObjectNode()
                        .put("token_type", "Bearer")
                        .put("access_token", canary("access"))
                        .put("expires_in", 28_800)
                        .put("refresh_token", refresh)
                        .put("scope", "user:inference")
                        .put("id_token", idToken)
                        .toString());
    }

    private static String canary(String name) {
        return "canary-" + name + "-" + UUID.randomUUID();
    }

    private static Map<String, String> json(String body) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : Api.JSON.readTree(body).properties()) {
            fields.put(field.getKey(), field.getValue().asText());
        }
        return fields;
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

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String s256(String verifier) {
        return base64Url(digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
