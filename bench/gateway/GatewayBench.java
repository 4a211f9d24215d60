import dev.slipway.kit.testing.EmbeddedServers;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Measures the gateway, as its own process with login on, beside nginx in front of the same service. Rounds are paired, so that what
 * else the machine does falls on both; what is compared is the median of the rounds' ratios.
 */
class GatewayBench {
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 5);
    private static final int WARM_SECONDS = Integer.getInteger("bench.warm", 20);
    private static final int VIEWERS = Integer.getInteger("bench.viewers", 10_000);

    private final Path work;
    private final int servicePort = freePort();
    private final int proxyPort = freePort();
    private final int gatewayPort = freePort();
    private final ServerSocket echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Process> processes = new ArrayList<>();
    private List<String> gatewayCommand = List.of();
    private Process gateway;
    private Process nginxProxy;
    private String token = "";
    private String project = "";

    private GatewayBench(Path work) throws IOException {
        this.work = work;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0 || arguments[0].isBlank()) {
            throw new IllegalArgumentException("no folder to work in (expected: one that is empty, as bench/gateway/run.sh makes it)");
        }
        GatewayBench bench = new GatewayBench(Path.of(arguments[0]));
        List<String> wanted = List.of(arguments).subList(1, arguments.length);
        try {
            bench.start();
            if (wanted.isEmpty() || wanted.contains("rest")) {
                bench.rest();
            }
            if (wanted.isEmpty() || wanted.contains("websocket")) {
                bench.webSocket();
            }
            if (wanted.isEmpty() || wanted.contains("events")) {
                bench.events();
            }
            if (wanted.isEmpty() || wanted.contains("resume")) {
                bench.resume();
            }
        } finally {
            bench.processes.forEach(Process::destroy);
            for (Process process : bench.processes) {
                if (!process.waitFor(15, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        }
        System.exit(0);
    }

    private void start() throws Exception {
        Thread.ofPlatform().daemon().start(this::serveEcho);
        nginx("service", """
                server { listen 127.0.0.1:%d; keepalive_requests 1000000000; access_log off;
                  location / { default_type application/json;
                    return 200 '{"id":"s1","projectId":"p","status":"ready","name":"a session of the usual size","usage":{"inputTokens":1,"outputTokens":2}}'; } }
                """.formatted(servicePort));
        nginxProxy = nginx("proxy", """
                upstream service { server 127.0.0.1:%d; keepalive 64; keepalive_requests 1000000000; }
                server { listen 127.0.0.1:%d; keepalive_requests 1000000000;
                  location /ws { proxy_pass http://127.0.0.1:%d; proxy_http_version 1.1; proxy_buffering off;
                    proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }
                  location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } }
                """.formatted(servicePort, proxyPort, echo.getLocalPort()));
        startGateway();
        String answer = post("/auth/register", """
                {"username":"bench","email":"bench@example.com","password":"long enough 1","inviteCode":"first"}""");
        token = field(post("/auth/login", "{\"username\":\"bench\",\"password\":\"long enough 1\"}"), "token");
        project = field(post("/api/projects", "{\"name\":\"Bench\"}"), "id");
        token = field(post("/api/tokens", "{\"name\":\"bench\",\"scopes\":[\"admin\"]}"), "token");
        System.out.println("load " + Files.readString(Path.of("/proc/loadavg")).split(" ")[0] + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, " + ROUNDS + " paired rounds");
    }

    private void startGateway() throws Exception {
        Map<String, String> settings = new HashMap<>(EmbeddedServers.properties());
        for (String service : List.of("workspace-service", "session-service", "credential-service", "mitm-proxy")) {
            settings.put("slipway.services." + service + ".url", "http://127.0.0.1:" + servicePort);
        }
        settings.put("slipway.services.container-service.url", "http://127.0.0.1:" + echo.getLocalPort());
        settings.put("micronaut.server.port", Integer.toString(gatewayPort));
        settings.put("slipway.auth.enabled", "true");
        settings.put("slipway.auth.bootstrap-code", "first");
        settings.put("slipway.rate.address", "0");
        settings.put("slipway.rate.user", "0");
        settings.put("slipway.rate.token", "0");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        Path key = Files.writeString(
                work.resolve("key.pem"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        settings.put("slipway.auth.signing-key-file", key.toString());
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "@gateway/jvm.options",
                "-Xmx512m",
                "-cp",
                // The gateway as it is run: without what its tests bring along.
                Arrays.stream(System.getProperty("java.class.path").split(":"))
                        .filter(entry -> !entry.endsWith("test-classes"))
                        .collect(Collectors.joining(":"))));
        String options = System.getenv().getOrDefault("GATEWAY_OPTIONS", "");
        if (!options.isBlank()) {
            command.addAll(List.of(options.strip().split("\\s+")));
        }
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("dev.slipway.gateway.Application");
        gatewayCommand = command;
        launchGateway();
    }

    private void launchGateway() throws Exception {
        gateway = new ProcessBuilder(gatewayCommand)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("gateway.log").toFile()))
                .start();
        processes.add(gateway);
        for (int i = 0; i < 600 && gateway.isAlive(); i++) {
            try {
                if (get(gatewayPort, "/healthz").statusCode() == 200) {
                    return;
                }
            } catch (IOException _) {
                // Not yet.
            }
            Thread.sleep(200);
        }
        throw new IllegalStateException("gateway did not start:\n" + Files.readString(work.resolve("gateway.log")));
    }

    private Process nginx(String name, String server) throws IOException {
        Path folder = Files.createDirectories(work.resolve(name));
        Path file = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off; worker_processes auto; worker_rlimit_nofile 65536; pid %1$s/pid; error_log %1$s/error.log;
                events { worker_connections 30000; }
                http { access_log %1$s/access.log; client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s;
                  uwsgi_temp_path %1$s; scgi_temp_path %1$s;
                %2$s }
                """.formatted(folder, server));
        Process nginx = new ProcessBuilder("nginx", "-p", folder.toString(), "-c", file.toString()).inheritIO().start();
        processes.add(nginx);
        return nginx;
    }

    // Requests.

    private void rest() throws Exception {
        String path = "/api/projects/" + project + "/sessions/s1";
        for (int port : new int[] {gatewayPort, gatewayPort, gatewayPort, proxyPort}) {
            warm(port, path);
        }
        List<Double> ratios = new ArrayList<>();
        List<Double> gateways = new ArrayList<>();
        List<Double> proxies = new ArrayList<>();
        List<Double> gatewayMicros = new ArrayList<>();
        List<Double> proxyMicros = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double before = cpuMicros(nginxProxy);
            double proxy = wrk(proxyPort, path, 32, SECONDS).perSecond();
            proxyMicros.add((cpuMicros(nginxProxy) - before) / (proxy * SECONDS));
            before = cpuMicros(gateway);
            double ours = wrk(gatewayPort, path, 32, SECONDS).perSecond();
            gatewayMicros.add((cpuMicros(gateway) - before) / (ours * SECONDS));
            proxies.add(proxy);
            gateways.add(ours);
            ratios.add(ours / proxy);
        }
        System.out.printf(
                Locale.ROOT,
                "requests/s, 32 connections: nginx %.0f, gateway %.0f, ratio %.2f (goal >= 0.9) %s%n",
                median(proxies),
                median(gateways),
                median(ratios),
                ratios.stream().map("%.2f"::formatted).toList());
        System.out.printf(
                Locale.ROOT,
                "processor time for each: nginx %.1f us, gateway %.1f us %s%n",
                median(proxyMicros),
                median(gatewayMicros),
                gatewayMicros.stream().map("%.1f"::formatted).toList());
        List<Double> added = new ArrayList<>();
        List<Double> addedByNginx = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double direct = wrk(servicePort, path, 1, 2).p50Millis();
            double proxy = wrk(proxyPort, path, 1, 2).p50Millis();
            double ours = wrk(gatewayPort, path, 1, 2).p50Millis();
            addedByNginx.add(proxy - direct);
            added.add(ours - direct);
        }
        System.out.printf(
                Locale.ROOT,
                "added p50, 1 connection: nginx %.3f ms, gateway %.3f ms (goal <= 0.5)%n",
                median(addedByNginx),
                median(added));
    }

    /** Lets the compiler see what is asked for; how well it goes does not matter yet. */
    private void warm(int port, String path) throws Exception {
        new ProcessBuilder(
                        "wrk", "-t2", "-c32", "-d" + WARM_SECONDS + "s", "-H", "Authorization: Bearer " + token, "http://127.0.0.1:" + port + path)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Processor time that a process and its children have used. */
    private static double cpuMicros(Process process) throws IOException {
        double ticks = 0;
        for (ProcessHandle one : Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList()) {
            String stat = Files.readString(Path.of("/proc/" + one.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            ticks += Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
        }
        return ticks * 10_000;
    }

    private record Load(double perSecond, double p50Millis) {}

    private Load wrk(int port, String path, int connections, int seconds) throws Exception {
        Process process = new ProcessBuilder(
                        "wrk",
                        "-t" + Math.min(2, connections),
                        "-c" + connections,
                        "-d" + seconds + "s",
                        "--latency",
                        "-H",
                        "Authorization: Bearer " + token,
                        "http://127.0.0.1:" + port + path)
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 || out.contains("Non-2xx") ) {
            throw new IllegalStateException(out);
        }
        Matcher rate = Pattern.compile("Requests/sec:\\s+([\\d.]+)").matcher(out);
        Matcher half = Pattern.compile("50%\\s+([\\d.]+)(us|ms|s)").matcher(out);
        if (!rate.find() || !half.find()) {
            throw new IllegalStateException(out);
        }
        double factor = switch (half.group(2)) {
            case "us" -> 0.001;
            case "ms" -> 1;
            default -> 1000;
        };
        return new Load(Double.parseDouble(rate.group(1)), Double.parseDouble(half.group(1)) * factor);
    }

    // WebSockets.

    private void webSocket() throws Exception {
        List<Double> ratios = new ArrayList<>();
        List<Double> proxies = new ArrayList<>();
        List<Double> gateways = new ArrayList<>();
        String path = "/api/projects/" + project + "/sessions/s1/terminal/ws";
        echoes(gatewayPort, path, 20_000);
        for (int round = 0; round < ROUNDS; round++) {
            double proxy = echoes(proxyPort, "/ws", 5_000);
            double ours = echoes(gatewayPort, path, 5_000);
            proxies.add(proxy);
            gateways.add(ours);
            ratios.add(ours / proxy);
        }
        System.out.printf(
                Locale.ROOT,
                "WebSocket echo p50: nginx %.0f us, gateway %.0f us, ratio %.2f (goal <= 1.5) %s%n",
                median(proxies),
                median(gateways),
                median(ratios),
                ratios.stream().map("%.2f"::formatted).toList());
    }

    /** The median round trip in microseconds. */
    private double echoes(int port, String path, int count) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            + "Authorization: Bearer " + token + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String head = readHead(in);
            if (!head.startsWith("HTTP/1.1 101")) {
                throw new IOException(head);
            }
            byte[] frame = new byte[6 + 64];
            frame[0] = (byte) 0x82;
            frame[1] = (byte) (0x80 | 64);
            double[] micros = new double[count];
            for (int i = 0; i < count; i++) {
                long began = System.nanoTime();
                out.write(frame);
                in.readNBytes(2 + 64);
                micros[i] = (System.nanoTime() - began) / 1e3;
            }
            Arrays.sort(micros);
            return micros[count / 2];
        }
    }

    private void serveEcho() {
        while (true) {
            try {
                Socket socket = echo.accept();
                Thread.ofPlatform().daemon().start(() -> serveEcho(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serveEcho(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            String head = readHead(in);
            String key = head.replaceAll("(?is).*sec-websocket-key: (\\S+).*", "$1");
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] answer = new byte[2 + 64];
            answer[0] = (byte) 0x82;
            answer[1] = 64;
            while (in.readNBytes(6 + 64).length == 6 + 64) {
                out.write(answer);
            }
        } catch (Exception e) {
            // The client left.
        }
    }

    // Events.

    private void events() throws Exception {
        double idle = memory();
        try (Viewers viewers = new Viewers()) {
            viewers.open(VIEWERS, VIEWERS);
            double full = memory();
            System.out.printf(
                    Locale.ROOT,
                    "%d idle SSE clients: gateway %.0f MB above its idle %.0f MB (goal <= 300)%n",
                    VIEWERS,
                    full - idle,
                    idle);
        }
        Thread.sleep(3_000);
        try (Viewers viewers = new Viewers()) {
            viewers.open(1_000, 1_000);
            List<Double> all = new ArrayList<>();
            for (int i = 0; i < 10 + 50; i++) {
                long began = viewers.expect("Bench " + i);
                put("/api/projects/" + project, "{\"name\":\"Bench " + i + "\"}");
                List<Double> millis = viewers.await(began);
                if (i >= 10) {
                    all.addAll(millis);
                }
                Thread.sleep(50);
            }
            all.sort(null);
            System.out.printf(
                    Locale.ROOT,
                    "change asked for -> 1,000 SSE clients, 50 changes: p50 %.1f ms, p99 %.1f ms (goal <= 100), max %.1f ms%n",
                    all.get(all.size() / 2),
                    all.get((int) (all.size() * 0.99)),
                    all.getLast());
        }
    }

    /** Resident memory after a collection, in MB. */
    private double memory() throws Exception {
        Path bin = Path.of(ProcessHandle.current().info().command().orElse("java")).resolveSibling("jcmd");
        for (int i = 0; i < 2; i++) {
            new ProcessBuilder(bin.toString(), Long.toString(gateway.pid()), "GC.run").start().waitFor();
            Thread.sleep(1_000);
        }
        for (String line : Files.readAllLines(Path.of("/proc/" + gateway.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Double.parseDouble(line.replaceAll("\\D+", "")) / 1024;
            }
        }
        throw new IllegalStateException("no VmRSS");
    }

    /** Many SSE clients on one thread. */
    private final class Viewers implements AutoCloseable {
        private final Selector selector = Selector.open();
        private final Map<SocketChannel, StringBuilder> tails = new ConcurrentHashMap<>();
        private final AtomicInteger connected = new AtomicInteger();
        private final List<Double> seen = new ArrayList<>();
        private volatile String wanted = "";
        private volatile long beganNanos;
        private volatile boolean closed;

        Viewers() throws IOException {
            Thread.ofPlatform().daemon().start(this::read);
        }

        void open(int count, int until) throws Exception {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", gatewayPort));
                channel.write(ByteBuffer.wrap(("GET /api/projects/" + project + "/events HTTP/1.1\r\nHost: localhost\r\n"
                                + "Authorization: Bearer " + token + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII)));
                channel.configureBlocking(false);
                tails.put(channel, new StringBuilder());
                selector.wakeup();
                channel.register(selector, SelectionKey.OP_READ);
                if (i % 50 == 0) {
                    Thread.sleep(2);
                }
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (connected.get() < until) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(connected + " of " + until + " viewers were let in");
                }
                Thread.sleep(50);
            }
        }

        long expect(String text) {
            synchronized (seen) {
                seen.clear();
            }
            wanted = text + "\"";
            beganNanos = System.nanoTime();
            return beganNanos;
        }

        List<Double> await(long began) throws InterruptedException {
            long deadline = began + TimeUnit.SECONDS.toNanos(20);
            while (true) {
                synchronized (seen) {
                    if (seen.size() >= tails.size()) {
                        return List.copyOf(seen);
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(seen.size() + " of " + tails.size() + " viewers saw " + wanted);
                }
                Thread.sleep(1);
            }
        }

        private void read() {
            ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
            try {
                while (!closed) {
                    selector.select(100);
                    for (SelectionKey key : selector.selectedKeys()) {
                        SocketChannel channel = (SocketChannel) key.channel();
                        buffer.clear();
                        if (channel.read(buffer) < 0) {
                            throw new IOException("a stream ended");
                        }
                        long now = System.nanoTime();
                        String text = StandardCharsets.UTF_8.decode(buffer.flip()).toString();
                        if (text.contains("event: connected")) {
                            connected.incrementAndGet();
                        }
                        String expected = wanted;
                        if (!expected.isEmpty() && text.contains(expected)) {
                            synchronized (seen) {
                                seen.add((now - beganNanos) / 1e6);
                            }
                        }
                    }
                    selector.selectedKeys().clear();
                }
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    e.printStackTrace();
                }
            }
        }

        @Override
        public void close() throws IOException {
            closed = true;
            for (SocketChannel channel : tails.keySet()) {
                channel.close();
            }
            selector.close();
        }
    }

    // Resume.

    /** A client that is cut again and again, at a gateway that is killed again and again, must see each event once and in order. */
    private void resume() throws Exception {
        int events = 10_000;
        int cutsMin = 100;
        int kills = 5;
        Random random = new Random(7);
        List<Integer> numbers = new ArrayList<>();
        String last = next(null, "connected").id();
        Thread writer = Thread.ofPlatform().daemon().start(() -> publish(events));
        long began = System.nanoTime();
        int cuts = 0;
        int killed = 0;
        int refused = 0;
        while (numbers.size() < events) {
            if (killed < kills && numbers.size() > (killed + 1) * events / (kills + 1)) {
                killed++;
                gateway.destroyForcibly().waitFor();
                launchGateway();
            }
            try (Reader reader = new Reader(last)) {
                int most = 1 + random.nextInt(2 * events / (cutsMin + 10));
                // The last connection before a kill is cut by it.
                boolean untilKilled = random.nextInt(20) == 0 && killed < kills;
                for (int i = 0; i < most && numbers.size() < events; i++) {
                    Seen seen = reader.next("message_added");
                    numbers.add(seen.number());
                    last = seen.id();
                    if (untilKilled && i == most / 2) {
                        killed++;
                        gateway.destroyForcibly();
                    }
                }
                cuts++;
            } catch (IOException _) {
                refused++;
                if (!gateway.isAlive()) {
                    launchGateway();
                }
                Thread.sleep(20);
            }
        }
        writer.join();
        boolean right = numbers.equals(java.util.stream.IntStream.range(0, events).boxed().toList());
        System.out.printf(
                Locale.ROOT,
                "%d events, client cut %d times, broken off %d times, gateway killed %d times: %s, %.1f s%n",
                events,
                cuts,
                refused,
                killed,
                right ? "each once and in order" : "LOST, DOUBLED OR OUT OF ORDER",
                (System.nanoTime() - began) / 1e9);
        if (!right) {
            throw new IllegalStateException("events were not resumed as they must be");
        }
    }

    private record Seen(String id, int number) {}

    private Seen next(String lastId, String type) throws IOException {
        try (Reader reader = new Reader(lastId)) {
            return reader.next(type);
        }
    }

    /** One connection to the event stream. */
    private final class Reader implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), gatewayPort);
        private final BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));

        Reader(String lastId) throws IOException {
            socket.setSoTimeout(20_000);
            String resume = lastId == null ? "" : "Last-Event-ID: " + lastId + "\r\n";
            socket.getOutputStream()
                    .write(("GET /api/projects/" + project + "/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + token + "\r\n" + resume + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        Seen next(String type) throws IOException {
            String id = "";
            boolean mine = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    mine = line.equals("event: " + type);
                } else if (mine && line.startsWith("data: ")) {
                    String number = line.replaceAll(".*\"messageId\":\"(\\d+)\".*", "$1");
                    return new Seen(id, number.matches("\\d+") ? Integer.parseInt(number) : -1);
                }
            }
            throw new IOException("the stream ended");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private void publish(int events) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", EmbeddedServers.kafka()), new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < events; i++) {
                producer.send(message(project, i));
                producer.send(message("of-a-stranger-" + i % 50, i));
            }
        }
    }

    private static ProducerRecord<String, byte[]> message(String projectId, int number) {
        ProducerRecord<String, byte[]> event = new ProducerRecord<>(
                "slipway.lifecycle.v1",
                projectId,
                ("{\"sessionId\":\"s\",\"messageId\":\"" + number + "\",\"role\":\"user\"}").getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_id", java.util.UUID.randomUUID().toString(),
                        "ce_source", "/session-service",
                        "ce_type", "dev.slipway.session.message.added.v1",
                        "ce_subject", "s",
                        "ce_time", java.time.Instant.now().toString(),
                        "ce_seq", "1",
                        "ce_projectid", projectId)
                .forEach((name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return event;
    }

    // Small things.

    private HttpResponse<String> get(int port, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    private String put(String path, String body) throws Exception {
        return send("PUT", path, body);
    }

    private String send(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gatewayPort + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static String field(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return matcher.group(1);
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended after " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
