package dev.slipway.mitm.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningProxy;
import dev.slipway.mitm.wire.Door;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attempts to get around the proxy, from inside a real sandbox. The policy of the session allows all addresses and several names, so that
 * what refuses is never the allowlist alone. No attempt may reach the canary that stands for everything private, and none may get the key
 * of api.example.com to see.
 */
@NullMarked
@Tag("engine")
class BypassTest {
    private static final String API = "api.example.com";
    private static final String KEY = "real-key";
    private static final String CANARY = "CANARY";
    private static final String CRLF = "\r\n";
    /** A problem of the proxy's own, a closed connection, or an alert in place of a handshake. */
    private static final String REFUSED =
            "HTTP/1\\.1 (400|403|407|426|431|502)|^ \\[closed]|^ \\[.*reset.*]|\\[tls: .*]";

    private static final Map<String, List<String>> NAMES = Map.ofEntries(
            Map.entry("loop.example.com", List.of("127.0.0.1")),
            Map.entry("loop6.example.com", List.of("::1")),
            Map.entry("private.example.com", List.of("10.0.0.1")),
            Map.entry("linklocal.example.com", List.of("169.254.169.254")),
            Map.entry("metadata6.example.com", List.of("fd00:ec2::254")),
            Map.entry("mixed.example.com", List.of("93.184.215.14", "127.0.0.1")),
            Map.entry("nat64.example.com", List.of("64:ff9b::7f00:1")),
            Map.entry("sixtofour.example.com", List.of("2002:7f00:1::")),
            Map.entry("multicast.example.com", List.of("224.0.0.1")),
            Map.entry("cgnat.example.com", List.of("100.64.0.1")),
            Map.entry("evil-example.com", List.of("127.0.0.1")));

    private final List<Map<String, Object>> attempts = new ArrayList<>();
    private final Map<String, Pattern> expected = new LinkedHashMap<>();

    @TempDir
    Path folder;

    @TempDir
    Path certificateFolder;

    @Test
    void noAttemptGetsAround() throws Exception {
        TestOriginCertificates certificates = new TestOriginCertificates(certificateFolder);
        AtomicInteger lookups = new AtomicInteger();
        try (Origin api = Origin.tls(certificates.serverOf(API), BypassTest::echo);
                Origin plain = Origin.plain(BypassTest::echo);
                Origin canary = Origin.plain(Origin.text(CANARY));
                RunningProxy proxy = new RunningProxy.Builder()
                        .upstreams(API + "=https://127.0.0.1:" + api.port() + ",plain.example.com=http://127.0.0.1:"
                                + plain.port() + ",untrusted.example.com=https://127.0.0.1:" + api.port())
                        .trusting(certificates)
                        .allowing("*.example.com", "0.0.0.0/0", "::/0", API, "raw.example.com:22")
                        .resolvingBy(name -> resolve(name, lookups))
                        .start()) {
            proxy.rules(RunningProxy.set(API, "Authorization", "Bearer " + KEY));
            proxy.doors().open(new Door("sibling", RunningProxy.PROJECT, RunningProxy.terms("*")));
            addresses(canary.port());
            names();
            protocols();
            secrets();
            waysOut(canary.port());

            Map<String, String> answers = run(proxy);

            SoftAssertions all = new SoftAssertions();
            expected.forEach((name, pattern) -> all.assertThat(answers.get(name))
                    .as(name)
                    .isNotNull()
                    .containsPattern(pattern)
                    .doesNotContain(CANARY)
                    .doesNotContain(KEY));
            all.assertAll();
            assertThat(canary.heads()).isEmpty();
            assertThat(answers).hasSizeGreaterThanOrEqualTo(60);
            System.out.println("bypass suite: " + answers.size() + " attempts from inside a sandbox, each refused");
        }
    }

    private void addresses(int canaryPort) {
        for (String spelling : List.of(
                "127.0.0.1",
                "2130706433",
                "0x7f000001",
                "0177.0.0.1",
                "127.1",
                "0.0.0.0",
                "0",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[0:0:0:0:0:0:0:1]",
                "[fe80::1%25eth0]",
                "localhost",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "[fd00:ec2::254]",
                "100.64.0.1",
                "224.0.0.1",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "168.63.129.16",
                "255.255.255.255",
                "127.0.0.1.",
                "%31%32%37.0.0.1",
                "①27.0.0.1")) {
            raw(
                    "address " + spelling + " by http",
                    get("http://" + spelling + ":" + canaryPort + "/", spelling + ":" + canaryPort));
        }
        for (String name : NAMES.keySet()) {
            raw("name " + name, get("http://" + name + ":" + canaryPort + "/", name + ":" + canaryPort));
        }
        raw("CONNECT to loopback", connect("127.0.0.1:" + canaryPort));
        raw("CONNECT to a name that is loopback", connect("loop.example.com:" + canaryPort));
        raw("CONNECT to the metadata address", connect("169.254.169.254:80"));
        raw("CONNECT to port 0", connect(API + ":0"));
        raw("CONNECT to port 65536", connect(API + ":65536"));
        raw("CONNECT without a port", connect(API));
        raw(
                "rebinding: the second answer is loopback",
                get("http://rebind.example.com:" + canaryPort + "/a", "rebind.example.com:" + canaryPort),
                get("http://rebind.example.com:" + canaryPort + "/b", "rebind.example.com:" + canaryPort));
        add(
                "SOCKS to loopback by address",
                "raw",
                "^\u0005\u0000 \\[open]\u0005\u0002",
                Map.of(
                        "send",
                        List.of(
                                "\u0005\u0001\u0000",
                                "\u0005\u0001\u0000\u0001\u007f\u0000\u0000\u0001" + port(canaryPort))));
        socks("SOCKS to a name that is loopback", "loop.example.com", canaryPort, 2);
        socks("SOCKS to a decimal address", "2130706433", canaryPort, 2);
        socks("SOCKS with a NUL in the name", API + "\u0000.loop.example.com", 443, 2);
        socks("SOCKS with a blank in the name", "api.example.com .evil.tld", 443, 2);
    }

    private void names() {
        tls("SNI is not the CONNECT name", API + ":443", "plain.example.com", get("/", API));
        tls("Host is not the SNI", API + ":443", API, get("/", "plain.example.com"));
        tls("Host is the SNI with another port", API + ":443", API, get("/", API + ":8443"));
        tls("absolute form inside the tunnel", API + ":443", API, get("http://plain.example.com/", API));
        tls("no SNI, and Host is not the CONNECT name", API + ":443", "", get("/", "plain.example.com"));
        tls("no SNI, in a tunnel to loopback", "127.0.0.1:443", "", get("/", API));
        add(
                "an encrypted hello whose outer name is not the CONNECT name",
                "raw",
                "(?s)200 .*\\[open]\u0015\u0003\u0003\u0000\u0002\u0002p \\[(closed|.*reset.*)]",
                Map.of("send", List.of(connect(API + ":443"), encryptedHello("plain.example.com"))));
        add(
                "an encrypted hello: its inner name is declined, the proxy itself answers to the outer one",
                "raw",
                "(?s)200 .*\\[open]\u0016\u0003\u0003..\u0002",
                Map.of("send", List.of(connect(API + ":443"), encryptedHello(API))));
        raw("suffix against a wildcard", get("http://evil-example.com/", "evil-example.com"));
        raw("the name as another's prefix", get("http://example.com.evil.tld/", "example.com.evil.tld"));
        raw("user-info before the host", get("http://" + API + "@loop.example.com/", "loop.example.com"));
        raw("user-info with the allowed host", get("http://x:y@plain.example.com/", "plain.example.com"));
        raw("a backslash in the authority", get("http://plain.example.com\\@loop.example.com/", "plain.example.com"));
        raw("a look-alike in Cyrillic", get("http://\u0430pi.example.com/", "\u0430pi.example.com"));
        raw("%00 in the host", get("http://plain.example.com%00.loop.example.com/", "plain.example.com"));
        raw("an empty host", get("http:///", ""));
        raw("two dots at the end", get("http://plain.example.com../", "plain.example.com.."));
        raw("Host is not the URL", get("http://plain.example.com/", "loop.example.com"));
        raw(
                "CONNECT is not its Host",
                "CONNECT " + API + ":443 HTTP/1.1" + CRLF + "Host: loop.example.com" + CRLF + CRLF);
        curl(
                "HTTP/2: :authority is not the CONNECT name",
                "HTTP/2 403",
                "--http2",
                "-H",
                "Host: plain.example.com",
                "https://" + API + "/");
        curl(
                "another scheme",
                "exit [1-9]|HTTP/1.1 40[03]",
                "-x",
                "http://127.0.0.1:17080",
                "ftp://plain.example.com/");
    }

    private void protocols() {
        String post = "POST http://plain.example.com/ HTTP/1.1" + CRLF + "Host: plain.example.com" + CRLF;
        String smuggled = "GET http://loop.example.com/ HTTP/1.1" + CRLF + "Host: loop.example.com" + CRLF + CRLF;
        raw(
                "CL and TE",
                post + "Content-Length: 4" + CRLF + "Transfer-Encoding: chunked" + CRLF + CRLF + "0" + CRLF + CRLF
                        + smuggled);
        raw("two content lengths", post + "Content-Length: 0" + CRLF + "Content-Length: 9" + CRLF + CRLF + smuggled);
        raw("a length with a sign", post + "Content-Length: +5" + CRLF + CRLF + "abcde");
        raw(
                "TE with a tab and more",
                post + "Transfer-Encoding: \tchunked, identity" + CRLF + CRLF + "0" + CRLF + CRLF);
        raw(
                "TE in another case and twice",
                post + "transfer-encoding: chunked" + CRLF + "Transfer-Encoding: xchunked" + CRLF + CRLF + "0" + CRLF
                        + CRLF);
        raw(
                "a chunk size that overflows",
                post + "Transfer-Encoding: chunked" + CRLF + CRLF + "FFFFFFFFFFFFFFFFF" + CRLF + "x" + CRLF);
        raw(
                "a chunk size with a sign",
                post + "Transfer-Encoding: chunked" + CRLF + CRLF + "-1" + CRLF + "x" + CRLF + smuggled);
        raw("a folded header", post + "X: a" + CRLF + " b" + CRLF + CRLF);
        raw("a bare line feed", "GET http://plain.example.com/ HTTP/1.1\nHost: plain.example.com\n\n");
        raw("a NUL in a header", post + "X: a\u0000b" + CRLF + CRLF);
        raw("a blank before the colon", post + "Content-Length : 0" + CRLF + CRLF);
        raw(
                "Host twice",
                "GET http://plain.example.com/ HTTP/1.1" + CRLF + "Host: plain.example.com" + CRLF
                        + "Host: loop.example.com" + CRLF + CRLF);
        raw("no Host", "GET http://plain.example.com/ HTTP/1.1" + CRLF + CRLF);
        raw("a megabyte of headers", post + ("X-" + "a".repeat(1_000) + ": b" + CRLF).repeat(1_000) + CRLF);
        raw("HTTP/2 in the clear", "PRI * HTTP/2.0" + CRLF + CRLF + "SM" + CRLF + CRLF);
        upgradesToHttp2();
        add(
                "HTTP/0.9 is waited for, not answered",
                "raw",
                "^ \\[open]",
                Map.of("send", List.of("GET http://plain.example.com/" + CRLF)));
        raw("origin form to the proxy itself", get("/api/config", "127.0.0.1"));
        raw("https in a plain request", get("https://" + API + "/", API));
        tls("CONNECT inside a tunnel", API + ":443", API, connect("loop.example.com:80"));
        tls(
                "WebSocket whose host is another",
                API + ":443",
                API,
                "GET / HTTP/1.1" + CRLF + "Host: plain.example.com" + CRLF + "Connection: Upgrade" + CRLF
                        + "Upgrade: websocket" + CRLF + CRLF);
        add(
                "raw SSH on an allowed port 443",
                "raw",
                "(?s)200 .*\\[open] \\[(closed|.*reset.*)]",
                Map.of("send", List.of(connect(API + ":443"), "SSH-2.0-OpenSSH" + CRLF)));
        add(
                "SOCKS BIND",
                "raw",
                "\u0005\u0007",
                Map.of(
                        "send",
                        List.of(
                                "\u0005\u0001\u0000",
                                "\u0005\u0002\u0000\u0003" + (char) API.length() + API + "\u0001\u00bb")));
        add(
                "SOCKS UDP",
                "raw",
                "\u0005\u0007",
                Map.of(
                        "send",
                        List.of(
                                "\u0005\u0001\u0000",
                                "\u0005\u0003\u0000\u0003" + (char) API.length() + API + "\u0001\u00bb")));
        add(
                "SOCKS 4",
                "raw",
                "^\u0000\\[",
                Map.of("send", List.of("\u0004\u0001\u0000P\u007f\u0000\u0000\u0001\u0000")));
        add(
                "SOCKS with a password method alone",
                "raw",
                "^\u0005\u00ff",
                Map.of("send", List.of("\u0005\u0001\u0002")));
    }

    private void upgradesToHttp2() {
        String upgrade = "Connection: Upgrade, HTTP2-Settings" + CRLF + "Upgrade: h2c" + CRLF
                + "HTTP2-Settings: AAMAAABkAAQAAP__" + CRLF + CRLF;
        String preface = "PRI * HTTP/2.0" + CRLF + CRLF + "SM" + CRLF + CRLF;
        add(
                "h2c upgrade: not passed on, and no HTTP/2 follows",
                "raw",
                "(?s)^HTTP/1\\.1 200 .*AUTH:none \\[open]HTTP/1\\.1 400",
                Map.of(
                        "send",
                        List.of(
                                "GET http://plain.example.com/ HTTP/1.1" + CRLF + "Host: plain.example.com" + CRLF
                                        + upgrade,
                                preface)));
        add(
                "h2c upgrade inside TLS",
                "tls",
                "(?s)HTTP/1\\.1 200 .*AUTH:signed \\[open]HTTP/1\\.1 400",
                Map.of(
                        "connect",
                        API + ":443",
                        "sni",
                        API,
                        "send",
                        List.of("GET / HTTP/1.1" + CRLF + "Host: " + API + CRLF + upgrade, preface)));
        add(
                "h2c with prior knowledge inside a tunnel",
                "raw",
                "(?s)200 .*\\[open] \\[(closed|.*reset.*)]",
                Map.of("send", List.of(connect("plain.example.com:80"), preface)));
        curl(
                "h2c with prior knowledge by curl",
                "exit [1-9]",
                "--http2-prior-knowledge",
                "--proxytunnel",
                "http://plain.example.com/");
    }

    /** The first message of TLS 1.3 with the extension of draft-ietf-tls-esni, whose inner part nobody here can read. */
    private static String encryptedHello(String outerName) {
        String key = "\t" + "\u0000".repeat(31);
        String hidden = "\u0000\u0000\u0001\u0000\u0001*" + sized(key) + sized("Z".repeat(176));
        String extensions = extension(0, sized("\u0000" + sized(outerName)))
                + extension(10, sized("\u0000\u001d"))
                + extension(13, sized("\u0004\u0003\b\u0004"))
                + extension(43, "\u0002\u0003\u0004")
                + extension(51, sized("\u0000\u001d" + sized(key)))
                + extension(0xfe0d, hidden);
        String hello = "\u0003\u0003" + "r".repeat(32) + " " + "s".repeat(32) + sized("\u0013\u0001") + "\u0001\u0000"
                + sized(extensions);
        return "\u0016\u0003\u0001" + sized("\u0001\u0000" + sized(hello));
    }

    private static String extension(int type, String body) {
        return port(type) + sized(body);
    }

    /** After its length in two bytes. */
    private static String sized(String body) {
        return port(body.length()) + body;
    }

    private void secrets() {
        add(
                "plain HTTP to a credential's host gets no key",
                "raw",
                "AUTH:none",
                Map.of("send", List.of(get("http://" + API + "/", API))));
        tls("the key with Host of another", API + ":443", API, get("/", "evil-example.com"));
        add(
                "a placeholder sent elsewhere",
                "raw",
                "AUTH:none",
                Map.of(
                        "send",
                        List.of("GET http://plain.example.com/ HTTP/1.1" + CRLF + "Host: plain.example.com" + CRLF
                                + "Authorization: Bearer slipway-placeholder" + CRLF + CRLF)));
        curl(
                "h2c upgrade by curl",
                "(?s)HTTP/1\\.1 200 .*AUTH:none \\[exit 0]",
                "--http2",
                "http://plain.example.com/");
        curl(
                "a redirect to the metadata address",
                "302 (?s:.)*HTTP/1.1 403",
                "-L",
                "-x",
                "http://127.0.0.1:17080",
                "http://plain.example.com/redirect?to=http://169.254.169.254/latest/");
        curl(
                "a redirect from the credential's host elsewhere",
                "AUTH:none",
                "-L",
                "-x",
                "http://127.0.0.1:17080",
                "https://" + API + "/redirect?to=http://plain.example.com/");
        curl("a server that is not who it says", "HTTP/1.1 502|HTTP/2 502", "https://untrusted.example.com/");
        add(
                "a forged identity for workspace-service",
                "raw",
                "HTTP/1.1 (400|502)",
                Map.of(
                        "send",
                        List.of("GET http://workspace.slipway.internal/../projects HTTP/1.1" + CRLF
                                + "Host: workspace.slipway.internal" + CRLF + "X-Slipway-Identity: forged" + CRLF
                                + CRLF)));
    }

    private void waysOut(int canaryPort) {
        add("TCP without the proxy", "direct", "no way", Map.of("host", "1.1.1.1", "port", 443));
        add("UDP without the proxy", "direct", "no way", Map.of("host", "1.1.1.1", "port", 443, "udp", true));
        add("DNS without the proxy", "direct", "no way", Map.of("host", "8.8.8.8", "port", 53, "udp", true));
        add(
                "the host's loopback without the proxy",
                "direct",
                "no way",
                Map.of("host", "127.0.0.1", "port", canaryPort));
        add(
                "a sibling's socket",
                "curl",
                "exit [1-9]",
                Map.of(
                        "arguments",
                        List.of(
                                "--unix-socket",
                                "/run/slipway/egress/../../sibling/egress.sock",
                                "http://plain.example.com/")));
    }

    private Map<String, String> run(RunningProxy proxy) throws Exception {
        ObjectMapper json = ObjectMapper.getDefault();
        StringBuilder lines = new StringBuilder();
        for (Map<String, Object> attempt : attempts) {
            lines.append(json.writeValueAsString(attempt)).append('\n');
        }
        Path file = folder.resolve("attempts.json");
        Files.writeString(file, lines);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Sandbox.give(folder, "relay.py");
        Sandbox.give(folder, "bypass.py");
        Sandbox.Done done = Sandbox.run(proxy.socket(), proxy.authorityFile(), folder, "python3 /sandbox/bypass.py");
        Map<String, String> answers = new LinkedHashMap<>();
        for (String line :
                done.output().lines().filter(text -> text.startsWith("{")).toList()) {
            JsonNode answer = json.readValue(line, JsonNode.class);
            answers.put(
                    String.valueOf(answer.get("name").getStringValue()),
                    answer.get("answer").getStringValue());
        }
        assertThat(answers).as(done.output()).hasSize(attempts.size());
        return answers;
    }

    private void raw(String name, String... send) {
        add(name, "raw", REFUSED, Map.of("send", List.of(send)));
    }

    private void tls(String name, String connect, String sni, String send) {
        add(name, "tls", REFUSED, Map.of("connect", connect, "sni", sni, "send", List.of(send)));
    }

    private void curl(String name, String pattern, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("-x")) {
            all.addAll(0, List.of("-x", "http://127.0.0.1:17080"));
        }
        add(name, "curl", pattern, Map.of("arguments", all));
    }

    private void socks(String name, String host, int port, int code) {
        add(
                name,
                "raw",
                "^\u0005\u0000 \\[open]\u0005" + (char) code,
                Map.of(
                        "send",
                        List.of(
                                "\u0005\u0001\u0000",
                                "\u0005\u0001\u0000\u0003" + (char) host.length() + host + port(port))));
    }

    private void add(String name, String kind, String pattern, Map<String, Object> rest) {
        Map<String, Object> attempt = new LinkedHashMap<>(rest);
        attempt.put("name", name);
        attempt.put("kind", kind);
        attempts.add(attempt);
        expected.put(name, Pattern.compile(pattern));
    }

    private static String port(int port) {
        return "" + (char) (port >> 8) + (char) (port & 0xff);
    }

    private static String get(String target, String host) {
        return latin("GET " + target + " HTTP/1.1" + CRLF + "Host: " + host + CRLF + CRLF);
    }

    private static String connect(String authority) {
        return "CONNECT " + authority + " HTTP/1.1" + CRLF + "Host: " + authority + CRLF + CRLF;
    }

    /** The UTF-8 bytes of a text, one character each. */
    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static boolean echo(Origin.Head head, java.io.InputStream in, java.io.OutputStream out) throws Exception {
        Origin.drainBody(head, in);
        String target = head.target();
        String authorization = head.header("Authorization");
        String seen = authorization == null
                ? "none"
                : authorization.contains(KEY) && head.header("X-Ask") == null ? "signed" : authorization;
        String body = "AUTH:" + seen + (head.header("Upgrade") == null ? "" : " UPGRADE");
        String answer = target.startsWith("/redirect?to=")
                ? "HTTP/1.1 302 Found\r\nLocation: " + target.substring("/redirect?to=".length())
                        + "\r\nContent-Length: 0\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        out.write(answer.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return true;
    }

    private static List<InetAddress> resolve(String name, AtomicInteger lookups) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        List<String> known = name.equals("rebind.example.com")
                ? List.of(lookups.getAndIncrement() == 0 ? "192.0.2.1" : "127.0.0.1")
                : NAMES.getOrDefault(name, List.of());
        for (String address : known) {
            addresses.add(InetAddress.getByName(address));
        }
        if (addresses.isEmpty()) {
            throw new UnknownHostException(name);
        }
        return addresses;
    }
}
