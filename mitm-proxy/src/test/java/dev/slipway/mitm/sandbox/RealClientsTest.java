package dev.slipway.mitm.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.mitm.address.Network;
import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clients that agents use, unchanged, in a real sandbox that has no network: curl, git, npm, apt, pip. Package registries are the ones
 * that the image's clients are configured with.
 */
@NullMarked
@Tag("engine")
class RealClientsTest {
    private static final String API = "api.example.com";
    private static final String GIT = "git.example.com";
    private static final String PRELUDE = """
            python3 /sandbox/relay.py &
            for i in $(seq 200); do
              python3 -c 'import socket; socket.create_connection(("127.0.0.1", 17080)).close()' 2>/dev/null && break; sleep 0.1
            done
            export http_proxy=http://127.0.0.1:17080 https_proxy=http://127.0.0.1:17080
            export CURL_CA_BUNDLE=/run/slipway/ca/ca.pem GIT_SSL_CAINFO=/run/slipway/ca/ca.pem
            export NODE_EXTRA_CA_CERTS=/run/slipway/ca/ca.pem PIP_CERT=/run/slipway/ca/ca.pem
            cd /tmp; export HOME=/tmp
            """;

    @TempDir
    Path folder;

    @TempDir
    Path certificateFolder;

    private Origin api;
    private Origin git;
    private RunningProxy proxy;
    private List<String> registries = List.of();

    @BeforeEach
    void start() throws Exception {
        TestOriginCertificates certificates = new TestOriginCertificates(certificateFolder);
        String basic = "Basic "
                + Base64.getEncoder().encodeToString("x-access-token:real-token".getBytes(StandardCharsets.US_ASCII));
        api = Origin.tls(certificates.serverOf(API), RealClientsTest::answer);
        git = Origin.tls(
                certificates.serverOf(GIT),
                GitServer.serving(
                        GitServer.repository(Files.createDirectories(certificateFolder.resolve("git"))), basic));
        registries = registries();
        List<Network> mirrors = new ArrayList<>();
        for (String host : registries) {
            for (InetAddress address : addresses(host)) {
                mirrors.add(Network.parse(address.getHostAddress()));
            }
        }
        List<String> allowed = new ArrayList<>(registries);
        allowed.addAll(List.of(API, GIT));
        proxy = new RunningProxy.Builder()
                .upstreams(API + "=https://127.0.0.1:" + api.port() + "," + GIT + "=https://127.0.0.1:" + git.port())
                .trusting(certificates)
                .allowing(allowed.toArray(String[]::new))
                .exempting(mirrors)
                .start();
        proxy.rules(
                RunningProxy.set(API, "Authorization", "Bearer real-key"),
                new InjectionRule("git", "git", GIT, null, "basic", "x-access-token", "real-token", List.of()));
        Sandbox.give(folder, "relay.py");
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        api.close();
        git.close();
    }

    @Test
    void curlSpeaksBothVersionsOfHttp() throws Exception {
        Sandbox.Done done = sandbox("""
                curl -sS --http1.1 -w ' %{http_version}\\n' https://api.example.com/
                curl -sS --http2 -w ' %{http_version}\\n' https://api.example.com/
                curl -sS -x socks5h://127.0.0.1:17080 -w ' socks %{http_version}\\n' https://api.example.com/
                head -c 3000000 /dev/zero | curl -sS --http2 -T - https://api.example.com/upload
                curl -sS -o /dev/null -w 'refused %{http_code}' http://elsewhere.example.com/
                """);

        assertThat(done.output())
                .contains(
                        "hello, signed 1.1\n",
                        "hello, signed 2\n",
                        "hello, signed socks 2\n",
                        "hello, signed, 3000000 bytes")
                .contains("refused 403");
    }

    @Test
    void aWebSocketPasses() throws Exception {
        Files.writeString(
                folder.resolve("attempts.json"),
                "{\"kind\":\"tls\",\"name\":\"ws\",\"connect\":\"api.example.com:443\",\"sni\":\"api.example.com\",\"send\":"
                        + "[\"GET /ws HTTP/1.1\\r\\nHost: api.example.com\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n"
                        + "Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n\",\"ping\"]}\n");
        Sandbox.give(folder, "bypass.py");

        Sandbox.Done done = Sandbox.run(proxy.socket(), proxy.authorityFile(), folder, "python3 /sandbox/bypass.py");

        assertThat(done.output()).contains("101 Switching", "pong");
    }

    @Test
    void gitClonesWithAKeyThatItDoesNotHave() throws Exception {
        Sandbox.Done done =
                sandbox("git clone -q https://git.example.com/project.git p && cat p/README && git -C p log --oneline");

        assertThat(done.output()).contains("cloned through the proxy", " one");
    }

    @Test
    void npmInstalls() throws Exception {
        Sandbox.Done done = sandbox(
                "mkdir n && cd n && npm init -y >/dev/null && npm install --no-audit --no-fund is-number && ls node_modules");

        assertThat(done.output()).contains("added 1 package", "is-number");
    }

    @Test
    void aptUpdatesAndDownloads() throws Exception {
        Sandbox.Done done = sandbox("""
                mkdir -p l/partial c/archives/partial
                o="-o Dir::State::lists=/tmp/l -o Dir::Cache=/tmp/c -o Debug::NoLocking=1 -o APT::Sandbox::User= -o Acquire::Languages=none"
                apt-get -qq $o update && apt-get -qq $o download hello && ls
                """);

        assertThat(done.output()).containsPattern("hello_[^ ]*\\.deb");
    }

    @Test
    void pipDownloads() throws Exception {
        // Not every network has a mirror for each client.
        assumeTrue(
                registries.stream().filter(host -> host.startsWith("py")).anyMatch(host -> addresses(host).length > 0));
        Sandbox.Done done =
                sandbox("python3 -m venv v && v/bin/pip -q --disable-pip-version-check download --no-deps six && ls");

        assertThat(done.output()).containsPattern("six-[0-9.]+-py");
    }

    private Sandbox.Done sandbox(String script) throws Exception {
        return Sandbox.run(proxy.socket(), proxy.authorityFile(), folder, PRELUDE + script);
    }

    private static boolean answer(Origin.Head head, java.io.InputStream in, java.io.OutputStream out) throws Exception {
        if (head.target().equals("/ws")) {
            out.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            if (new String(in.readNBytes(4), StandardCharsets.US_ASCII).equals("ping")) {
                out.write("pong".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            return false;
        }
        byte[] body = Origin.drainBody(head, in);
        String text = "hello, " + ("Bearer real-key".equals(head.header("Authorization")) ? "signed" : "unsigned")
                + (body.length == 0 ? "" : ", " + body.length + " bytes");
        out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text)
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return true;
    }

    /** The hosts that were recorded when the image was built. */
    private static List<String> registries() throws IOException, InterruptedException {
        Process inspect = new ProcessBuilder(
                        "docker",
                        "image",
                        "inspect",
                        Sandbox.IMAGE,
                        "--format",
                        "{{index .Config.Labels \"dev.slipway.registries\"}}")
                .start();
        String text = new String(inspect.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        inspect.waitFor();
        List<String> hosts = new ArrayList<>();
        Matcher host = Pattern.compile("\"([a-z0-9.-]+\\.[a-z]+)\"").matcher(text);
        while (host.find()) {
            hosts.add(host.group(1));
        }
        assertThat(hosts).as("registries of the image: %s", text).isNotEmpty();
        return hosts;
    }

    private static InetAddress[] addresses(String host) {
        try {
            return InetAddress.getAllByName(host);
        } catch (IOException unknown) {
            return new InetAddress[0];
        }
    }
}
