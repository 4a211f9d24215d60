package dev.slipway.gateway.login;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * Speaks as Google's and GitHub's login servers do, field for field, and can be told to lie. Codes are good once, and only with the
 * verifier of their challenge.
 */
final class StandIn implements AutoCloseable {
    private final HttpServer server;
    private final RSAKey key;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

    /** How the next ID tokens differ from true ones. */
    volatile UnaryOperator<JWTClaimsSet.Builder> claims = UnaryOperator.identity();

    volatile Signature signature = Signature.OWN_KEY;
    volatile int tokenStatus = 200;
    volatile String email = "grace@example.com";
    volatile boolean emailVerified = true;

    enum Signature {
        OWN_KEY,
        OTHER_KEY,
        NONE
    }

    StandIn() throws Exception {
        key = new RSAKeyGenerator(2048).keyID("stand-in").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/.well-known/openid-configuration", exchange -> answer(exchange, 200, """
                {"issuer":"%1$s","authorization_endpoint":"%1$s/o/oauth2/v2/auth","device_authorization_endpoint":"%1$s/device/code",
                 "token_endpoint":"%1$s/token","userinfo_endpoint":"%1$s/v1/userinfo","revocation_endpoint":"%1$s/revoke",
                 "jwks_uri":"%1$s/oauth2/v3/certs","response_types_supported":["code","token","id_token"],
                 "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"],
                 "scopes_supported":["openid","email","profile"],
                 "token_endpoint_auth_methods_supported":["client_secret_post","client_secret_basic"],
                 "claims_supported":["aud","email","email_verified","exp","family_name","given_name","iat","iss","name","picture","sub"],
                 "code_challenge_methods_supported":["plain","S256"],"grant_types_supported":["authorization_code","refresh_token"]}
                """.formatted(url())));
        server.createContext(
                "/oauth2/v3/certs", exchange -> answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
        server.createContext("/o/oauth2/v2/auth", this::authorize);
        server.createContext("/token", exchange -> token(exchange, false));
        server.createContext("/login/oauth/authorize", this::authorize);
        server.createContext("/login/oauth/access_token", exchange -> token(exchange, true));
        server.createContext(
                "/api/user/emails", exchange -> answer(exchange, 200, """
                [{"email":"hidden@users.noreply.github.com","primary":false,"verified":true,"visibility":null},
                 {"email":"%s","primary":true,"verified":%s,"visibility":"private"}]
                """.formatted(email, emailVerified)));
        server.createContext("/api/user", exchange -> answer(exchange, 200, """
                {"login":"grace-h","id":583231,"node_id":"MDQ6VXNlcjU4MzIzMQ==","avatar_url":"https://a.example/u/583231?v=4",
                 "gravatar_id":"","type":"User","site_admin":false,"name":"Grace Hopper","company":null,"blog":"","location":null,
                 "email":null,"hireable":null,"bio":null,"public_repos":8,"followers":20,"following":0,
                 "created_at":"2008-01-14T04:33:35Z","updated_at":"2008-01-14T04:33:35Z"}
                """));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Every user agrees at once. */
    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = form(exchange.getRequestURI().getRawQuery());
        String code = UUID.randomUUID().toString();
        codes.put(code, asked);
        exchange.getResponseHeaders()
                .set("Location", asked.get("redirect_uri") + "?code=" + code + "&state=" + asked.get("state"));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange, boolean gitHub) throws IOException {
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Map<String, String> asked = codes.remove(form.getOrDefault("code", ""));
        if (tokenStatus != 200) {
            answer(exchange, tokenStatus, "{\"error\":\"server_error\"}");
            return;
        }
        boolean good = asked != null
                && form.containsKey("code_verifier")
                && challenge(form.get("code_verifier")).equals(asked.get("code_challenge"));
        if (gitHub) {
            answer(exchange, 200, good ? """
                    {"access_token":"gho_16C7e42F292c6912E7710c838347Ae178B4a","scope":"read:user,user:email","token_type":"bearer"}
                    """ : """
                    {"error":"bad_verification_code","error_description":"The code passed is incorrect or expired.",
                     "error_uri":"https://docs.github.com/troubleshooting"}
                    """);
        } else if (asked == null || !good) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\",\"error_description\":\"Bad Request\"}");
        } else {
            answer(exchange, 200, """
                    {"access_token":"ya29.stand-in","expires_in":3599,"scope":"openid email profile","token_type":"Bearer",
                     "id_token":"%s"}
                    """.formatted(idToken(asked)));
        }
    }

    private String idToken(Map<String, String> asked) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder builder = new JWTClaimsSet.Builder()
                .issuer(url())
                .claim("azp", asked.get("client_id"))
                .audience(asked.get("client_id"))
                .subject("110169484474386276334")
                .claim("hd", "example.com")
                .claim("email", email)
                .claim("email_verified", emailVerified)
                .claim("at_hash", "HK6E_P6Dh8Y93mRNtsDB1Q")
                .claim("nonce", asked.get("nonce"))
                .claim("name", "Grace Hopper")
                .claim("picture", "https://a.example/photo.jpg")
                .claim("given_name", "Grace")
                .claim("family_name", "Hopper")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(3600)));
        JWTClaimsSet set = claims.apply(builder).build();
        try {
            if (signature == Signature.NONE) {
                return new PlainJWT(set).serialize();
            }
            RSAKey signer = signature == Signature.OWN_KEY
                    ? key
                    : new RSAKeyGenerator(2048).keyID("stand-in").generate();
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("stand-in").build(), set);
            token.sign(new RSASSASigner(signer));
            return token.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String challenge(String verifier) {
        try {
            return Base64URL.encode(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)))
                    .toString();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> form(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text.split("&")) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    URI uri() {
        return URI.create(url());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
