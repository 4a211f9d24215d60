package dev.slipway.workspace.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The way out as CONTRACTS sections 7 and 12 describe it: an admin port where sessions are registered, and a TCP listener that asks for
 * their token, opens TLS with a certificate of its own, and puts a credential on the requests of sessions that may use it.
 */
public final class EgressProxy implements AutoCloseable {
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** A session as it was registered. */
    public record Session(String id, String token, JsonNode wish) {}

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer admin;
    private final ServerSocket listener;
    private final SSLContext tls;
    private final String caPem;
    private final Map<String, Session> open = new ConcurrentHashMap<>();
    private final List<Session> seen = new CopyOnWriteArrayList<>();
    private final List<String> tunnels = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> upstreams = new ConcurrentHashMap<>();
    private final Map<String, String> credentials = new ConcurrentHashMap<>();
    private volatile boolean hasListener = true;

    /** Starts both. */
    public EgressProxy() {
        try {
            Path keys = Files.createTempDirectory("slipway-keys").resolve("keys.p12");
            makeCertificate(keys);
            KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD);
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, PASSWORD);
            tls = SSLContext.getInstance("TLS");
            tls.init(factory.getKeyManagers(), null, null);
            caPem = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(store.getCertificate("door").getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            admin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            admin.createContext("/api/sessions/", this::register);
            admin.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            admin.start();
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where sessions are registered. */
    public String adminUrl() {
        return "http://127.0.0.1:" + admin.getAddress().getPort();
    }

    /** Sends a host's requests to a port of loopback. */
    public void route(String host, int port) {
        upstreams.put(host, port);
    }

    /** Puts a header's value on requests of sessions that have this credential. */
    public void credential(String id, String authorization) {
        credentials.put(id, authorization);
    }

    /** Whether there is a TCP listener. */
    public void listening(boolean wanted) {
        hasListener = wanted;
    }

    /** All sessions that were ever registered. */
    public List<Session> sessions() {
        return seen;
    }

    /** Those that are registered now. */
    public Map<String, Session> openSessions() {
        return open;
    }

    /** The hosts of all tunnels that were let through. */
    public List<String> tunnels() {
        return tunnels;
    }

    @Override
    public void close() throws IOException {
        admin.stop(0);
        listener.close();
    }

    private void register(HttpExchange exchange) throws IOException {
        try (exchange) {
            String id = exchange.getRequestURI().getPath().substring("/api/sessions/".length());
            if (exchange.getRequestMethod().equals("DELETE")) {
                open.remove(id);
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            Session session = new Session(
                    id,
                    "t/" + seen.size() + "+secret",
                    json.readTree(exchange.getRequestBody().readAllBytes()));
            open.put(id, session);
            seen.add(session);
            var answer = json.createObjectNode().put("socket", "/nowhere").put("caPem", caPem);
            if (hasListener) {
                answer.put("address", "127.0.0.1:" + listener.getLocalPort()).put("token", session.token());
            }
            byte[] bytes = json.writeValueAsBytes(answer);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            String target = head.split(" ", 3)[1];
            String host = target.substring(0, target.indexOf(':'));
            Session session = sessionOf(head);
            Integer port = upstreams.get(host);
            if (session == null) {
                say(client, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
                return;
            }
            if (port == null || !session.wish().get("allow").toString().contains("\"" + host + "\"")) {
                say(client, "HTTP/1.1 403 Forbidden\r\n\r\n");
                return;
            }
            tunnels.add(host);
            say(client, "HTTP/1.1 200 OK\r\n\r\n");
            try (SSLSocket secured =
                            (SSLSocket) tls.getSocketFactory().createSocket(client, host, client.getPort(), false);
                    Socket upstream = new Socket(InetAddress.getLoopbackAddress(), port)) {
                secured.setUseClientMode(false);
                relay(session, secured, upstream);
            }
        } catch (IOException _) {
            // Either side left.
            return;
        }
    }

    /** One request for each tunnel, so that only its head needs to be read. */
    private void relay(Session session, Socket client, Socket upstream) throws IOException {
        String head = head(client.getInputStream());
        JsonNode id = session.wish().get("credentialId");
        String credential = id == null || id.isNull() ? null : credentials.get(id.asText());
        String sent = head.replaceAll("(?i)\r\nconnection: [^\r]*", "")
                + "\r\nConnection: close"
                + (credential == null ? "" : "\r\nAuthorization: " + credential)
                + "\r\n\r\n";
        upstream.getOutputStream().write(sent.getBytes(ISO_8859_1));
        Thread up = Thread.ofVirtual().start(() -> copy(client, upstream));
        upstream.getInputStream().transferTo(client.getOutputStream());
        client.close();
        up.interrupt();
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            return;
        }
    }

    private @Nullable Session sessionOf(String head) {
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("proxy-authorization: basic ")) {
                String pair = new String(Base64.getDecoder().decode(line.substring(line.lastIndexOf(' ') + 1)), UTF_8);
                Session session = open.get(pair.substring(0, pair.indexOf(':')));
                return session != null && session.token().equals(pair.substring(pair.indexOf(':') + 1))
                        ? session
                        : null;
            }
        }
        return null;
    }

    /** A head without its empty line. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int next;
        while ((next = in.read()) >= 0) {
            head.write(next);
            String text = head.toString(ISO_8859_1);
            if (text.endsWith("\r\n\r\n")) {
                return text.substring(0, text.length() - 4);
            }
        }
        throw new IOException("no head");
    }

    private static void say(Socket client, String text) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    private static void makeCertificate(Path file) throws IOException {
        Process keytool = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/keytool",
                        "-genkeypair",
                        "-alias",
                        "door",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=door",
                        "-ext",
                        "san=dns:git.example.test,dns:github.com,dns:api.github.com,dns:gitlab.example.test,dns:sub.example.test",
                        "-ext",
                        "bc=ca:true",
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
