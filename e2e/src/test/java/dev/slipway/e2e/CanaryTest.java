package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Nobody but the vault and the proxy ever holds a secret. Each secret of this story begins with {@code canary-}; after a day's work
 * (all agents, a private repository cloned and pushed to, packages fetched, sign-ins at every provider, refusals and errors) everything that the suite wrote, answered or
 * remembers is searched for it. The same search for something that was planted finds it in every kind of place, so that finding
 * nothing means something.
 */
@Tag("engine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class CanaryTest {
    private static final String LOCAL = "/api/projects/local";
    private static final String PLANTED = "planted-" + UUID.randomUUID();
    /** What may hold secrets in memory: the vault, and the proxy that puts them on requests. */
    private static final Set<String> TRUSTED = Set.of("credential-service", "mitm-proxy", "postgres", "kafka");

    private final SecretSearch canaries = new SecretSearch("canary-");
    private final SecretSearch planted = new SecretSearch(PLANTED);
    private final List<String> answers = new ArrayList<>();
    private final List<String> sessions = new ArrayList<>();
    private Path folder = Path.of("unset");
    private FakeLlm model;
    private GitHost host;
    private Providers providers;
    private Slipway slipway;
    private Api api;

    @SuppressWarnings("NullAway.Init") // the fields are set before the first story
    CanaryTest() {}

    @BeforeAll
    void start() throws IOException {
        folder = Files.createTempDirectory("slipway-e2e");
        model = FakeLlm.start(folder);
        host = GitHost.start(folder.resolve("git-host"));
        providers = Providers.start(folder.resolve("providers"));
        slipway = Slipway.start(Slipway.Shape.ISOLATED, folder, environment());
        api = slipway.api();
    }

    /** The model's providers and the private git host stand behind the proxy, which trusts both their certificates. */
    private Map<String, String> environment() throws IOException {
        Map<String, String> environment = new HashMap<>(model.environment());
        environment.merge(
                "SLIPWAY_UPSTREAMS",
                host.upstream() + "," + providers.upstreams(),
                (models, others) -> models + "," + others);
        environment.putAll(Providers.clients());
        Path roots = folder.resolve("roots.pem");
        Files.writeString(
                roots,
                Files.readString(Path.of(environment.getOrDefault("SLIPWAY_TRUSTED_CA_FILE", "unset")))
                        + Files.readString(host.certificate())
                        + Files.readString(providers.certificate()));
        environment.put("SLIPWAY_TRUSTED_CA_FILE", roots.toString());
        // A host of the company's own, whose name only the proxy can resolve.
        environment.put("SLIPWAY_WORKSPACES_INTERNAL_HOSTS", GitHost.NAME);
        return environment;
    }

    @AfterAll
    void stop() {
        model.close();
        host.close();
        providers.close();
        sandboxes().forEach(id -> Commands.docker("rm", "-f", "-v", id));
    }

    @Test
    @Order(1)
    void secretsOfEveryProviderAreStoredAndNoAnswerHasThem() {
        store(Map.of("provider", "anthropic", "apiKey", model.anthropicKey));
        store(Map.of("provider", "openai", "apiKey", model.openaiKey));
        store(Map.of("provider", "codex", "apiKey", model.openaiKey));
        store(Map.of("provider", "google", "apiKey", model.geminiKey));
        for (String provider : List.of("github", "github-copilot", "gitlab")) {
            store(Map.of("provider", provider, "apiKey", canary(provider)));
        }
        store(Map.of("provider", "npm", "host", Providers.NPM, "apiKey", providers.npmToken));
        store(Map.of(
                "provider",
                "registry",
                "host",
                Providers.REGISTRY,
                "username",
                "robot",
                "apiKey",
                providers.registryPassword));
        // A setup token, pasted, and a key for ssh.
        store(Map.of(
                "provider",
                "setup",
                "kind",
                "anthropic",
                "personal",
                true,
                "scope",
                Map.of("agents", List.of("none")),
                "apiKey",
                "sk-ant-oat01-" + canary("setup")));
        store(Map.of("provider", "ssh", "apiKey", sshKey()));
        store(Map.of(
                "provider",
                "c-header",
                "host",
                "h.example.com",
                "header",
                "X-Key",
                "template",
                "Token {secret}",
                "value",
                canary("header")));
        store(Map.of("provider", "c-query", "host", "q.example.com", "query", "key", "value", canary("query")));
        store(Map.of("provider", "mine", "kind", "github", "personal", true, "apiKey", canary("mine")));
        store(Map.of(
                "provider",
                "limited",
                "kind",
                "gitlab",
                "host",
                "gitlab.example.com",
                "apiKey",
                canary("limited"),
                "scope",
                Map.of("agents", List.of("codex"), "methods", List.of("GET"))));
        // Refused: no problem may say the value back.
        for (Map<String, Object> wrong : List.<Map<String, Object>>of(
                Map.of("provider", "anthropic", "apiKey", "canary-spaced " + UUID.randomUUID() + "\n\u0001"),
                Map.of("provider", "c-none", "authType", "no-such-type", "apiKey", canary("kind")),
                Map.of("provider", "../anthropic", "host", "10.0.0.1", "apiKey", canary("path")))) {
            Api.Answer refused = api.post(LOCAL + "/credentials", wrong);
            answers.add(new String(refused.raw().body(), StandardCharsets.UTF_8));
            assertThat(refused.status()).isBetween(400, 499);
        }
    }

    @Test
    @Order(2)
    void aDaysWork() throws IOException {
        for (String type : List.of("claude-code", "opencode", "codex", "gemini-cli")) {
            Path repository = Repositories.small(folder.resolve("repo-" + type));
            work(api.workspace(repository.toString()), type, "[[script:write path=hello.txt content=hello]]", "finish");
        }
        String failing =
                api.workspace(Repositories.small(folder.resolve("repo-failing")).toString());
        work(failing, "claude-code", "[[script:error status=400 message=no]]", null);
        assertThat(model.requests().stream()
                        .filter(request -> request.path("path").asText().startsWith("/v1"))
                        .map(request -> request.path("auth").path("state").asText())
                        .collect(Collectors.toSet()))
                .containsExactly("ok");
    }

    @Test
    @Order(2)
    void aPrivateRepositoryIsClonedAndPushedTo() {
        Path bare = host.repository("team");
        String credential = store(
                        Map.of("provider", "git-host", "host", GitHost.NAME, "username", "git", "value", host.token))
                .path("id")
                .asText();
        String cloned = api.post(
                        LOCAL + "/workspaces",
                        Map.of("path", "https://" + GitHost.NAME + "/team.git", "credentialId", credential))
                .expect(201)
                .path("id")
                .asText();
        api.await(LOCAL + "/workspaces/" + cloned, Duration.ofMinutes(1), "ready");
        String session = work(cloned, "claude-code", "[[script:write path=pushed.txt content=pushed]]", "finish");
        api.post(LOCAL + "/sessions/" + session + "/apply", Map.of()).expect(200);
        api.post(LOCAL + "/workspaces/" + cloned + "/git/push", Map.of()).expect(200);

        assertThat(Commands.git(bare, "show", "main:pushed.txt").strip()).isEqualTo("pushed");
        assertThat(host.seen).contains("ok").doesNotContain("wrong");
    }

    @Test
    @Order(3)
    void usersSignInAndWhatCanGoWrongDoes() {
        for (String provider : List.of("anthropic", "codex")) {
            String path = "/credentials/" + provider;
            String url = say(path + "/authorize", Map.of(), 200).path("url").asText();
            String shown = providers.signIn(url);
            String code = shown.substring(0, shown.indexOf('#'));
            say(path + "/exchange", Map.of("code", code + "#wrong"), 400);
            say(path + "/exchange", Map.of("code", shown), 200);
            say(path + "/exchange", Map.of("code", shown), 409);
            say(path + "/refresh", Map.of(), 200);
            String other = say(path + "/authorize", Map.of(), 200).path("state").asText();
            say(path + "/exchange", Map.of("code", canary("invented"), "state", other), 422);
            providers.refuse = "500 trouble";
            say(path + "/refresh", Map.of(), 502);
            providers.refuse = "";
        }
        providers.refuse = "400 {\"error\":\"invalid_grant\"}";
        say("/credentials/codex/refresh", Map.of(), 502);
        Api.Answer deleted = api.send("DELETE", LOCAL + "/credentials/codex", null);
        assertThat(deleted.status()).isBetween(200, 204);
        await().atMost(Duration.ofSeconds(20)).until(() -> providers.revoked.size() == 1);

        String denied = device();
        say("/credentials/github-copilot/poll", Map.of("deviceCode", denied), 202);
        say("/credentials/github-copilot/poll", Map.of("deviceCode", denied), 429);
        providers.device = "access_denied";
        await().atMost(Duration.ofSeconds(10)).until(() -> poll(denied) == 403);
        providers.device = "expired_token";
        String expired = device();
        assertThat(poll(expired)).isEqualTo(410);
        providers.device = "granted";
        assertThat(poll(device())).isEqualTo(200);
        assertThat(say("/credentials/github-copilot/test", Map.of(), 200)
                        .path("status")
                        .asText())
                .isEqualTo("works");

        assertThat(providers.verifiers).hasSize(4);
        providers.verifiers.forEach(canaries::also);
    }

    @Test
    @Order(4)
    void packagesImagesAndModelsAreFetchedInASandboxWithThePlaceholder() throws IOException {
        String id = sandboxOfASession();
        // A container that was made ahead keeps the name that it was made with; the session is what its supervisor was
        // told.
        String session = Commands.docker("exec", id, "jq", "-r", ".sessionId", "/data/session.json")
                .orFail()
                .strip();
        for (String host : List.of(Providers.NPM, Providers.REGISTRY, Providers.COPILOT)) {
            assertThat(api.post(LOCAL + "/sessions/" + session + "/egress/allow", Map.of("host", host))
                            .status())
                    .isEqualTo(204);
        }
        List<String> bearer = List.of("-H", "Authorization: Bearer slipway-placeholder");

        String installed = Commands.docker(
                        "exec",
                        id,
                        "sh",
                        "-ec",
                        ("mkdir -p /tmp/npm && cd /tmp/npm && printf 'registry=https://%1$s/\\n//%1$s/:_authToken=slipway-placeholder\\n'"
                                        + " > .npmrc && npm install left-pad --no-audit --no-fund && cat node_modules/left-pad/package.json")
                                .formatted(Providers.NPM))
                .orFail();
        assertThat(installed).contains("added 1 package", "\"version\":\"1.0.0\"");
        assertThat(fetch(id, "https://" + Providers.COPILOT + "/models", bearer))
                .contains("opened");
        List<String> basic = List.of("-u", "robot:slipway-placeholder");
        String registry = "https://" + Providers.REGISTRY + "/v2/";
        assertThat(fetch(id, registry, basic)).contains("opened");
        String manifest = fetch(id, registry + "team/tool/manifests/latest", basic);
        String layer = Api.JSON.readTree(manifest).at("/layers/0/digest").asText();
        assertThat(fetch(id, registry + "team/tool/blobs/" + layer, basic)).isEqualTo("the bytes of a layer");
        assertThat(fetch(id, registry + "team/none/manifests/latest", basic)).isEqualTo("{}");
    }

    @Test
    @Order(5)
    void somethingIsPlantedEverywhere() throws IOException {
        // A name is in tables, events, answers and the memory of whoever shows it; a file and a process are in a
        // sandbox.
        ObjectNode name = Api.JSON.createObjectNode().put("name", PLANTED);
        for (String session : sessions) {
            api.send("PATCH", LOCAL + "/sessions/" + session, name).expect(200);
        }
        String id = sandboxOfASession();
        Commands.docker("exec", id, "sh", "-c", "echo " + PLANTED + " > /data/planted")
                .orFail();
        Commands.docker("exec", "-d", "-e", "PLANTED=" + PLANTED, id, "sleep", "300")
                .orFail();
        Files.writeString(slipway.home.resolve("logs").resolve("planted.log"), PLANTED);
    }

    @Test
    @Order(6)
    void nothingThatRunsHoldsASecret() throws IOException {
        crawl();
        answers.forEach(answer -> both(search -> search.text("answer", answer)));
        for (String id : sandboxes()) {
            String inspected = Commands.docker("inspect", id).orFail();
            both(search -> search.text("docker inspect", inspected));
            both(search ->
                    search.text("docker logs", Commands.docker("logs", id).output()));
            for (String pid : Commands.docker("top", id, "-o", "pid")
                    .orFail()
                    .lines()
                    .skip(1)
                    .toList()) {
                both(search -> search.memory("sandbox process", Long.parseLong(pid.strip())));
            }
            JsonNode container = Api.JSON.readTree(inspected).get(0);
            List<String> folders = new ArrayList<>();
            folders.add(
                    container.path("GraphDriver").path("Data").path("UpperDir").asText());
            container
                    .path("Mounts")
                    .forEach(mount -> folders.add(mount.path("Source").asText()));
            folders.stream()
                    .filter(each -> !each.isEmpty())
                    .forEach(each -> both(search -> search.files("sandbox files", Path.of(each))));
        }
        JsonNode status = Api.JSON.readTree(slipway.command(Duration.ofMinutes(1), "status", "--json"));
        for (JsonNode service : status.path("services")) {
            if (!TRUSTED.contains(service.path("name").asText())) {
                heap(service.path("name").asText(), service.path("pid").asLong());
            }
        }
        // No service of ours, but all events go through it.
        heap("kafka", status.path("kafkaPid").asLong());

        assertThat(canaries.found()).isEmpty();
        assertThat(places(planted))
                .contains("answer", "sandbox process environ", "sandbox files", "heap of session-service");
        if ("root".equals(System.getProperty("user.name"))) {
            assertThat(places(planted)).contains("sandbox process memory");
        }
    }

    @Test
    @Order(7)
    void nothingThatWasWrittenHoldsASecret() {
        slipway.down();

        // Kafka's log, all tables with their write-ahead log, every service's log, caches and keys.
        both(search -> search.files("home", slipway.home));

        assertThat(canaries.found()).isEmpty();
        Path home = slipway.home;
        assertThat(planted.found())
                .anyMatch(hit -> hit.startsWith("home " + home.resolve("kafka")))
                .anyMatch(hit -> hit.startsWith("home " + home.resolve("postgres")))
                .anyMatch(hit -> hit.startsWith("home " + home.resolve("logs")));
        System.out.printf(
                "Searched %d MB: %d canaries; planted found in %s%n",
                canaries.searchedBytes() >> 20, canaries.found().size(), places(planted));
    }

    /** One turn of a new session; returns the session. */
    private String work(
            String workspace, String agentType, String text, @org.jspecify.annotations.Nullable String end) {
        String session = api.session(workspace, api.agent(agentType));
        sessions.add(session);
        api.awaitSession(session, "ready");
        try (ChatStream stream = api.chat(session, "m-" + session, text)) {
            List<ChatStream.Frame> frames = stream.rest();
            frames.forEach(frame -> answers.add(frame.data()));
            if (end != null) {
                assertThat(frames.getLast().chunk().path("type").asText()).isEqualTo(end);
            }
        }
        api.awaitSession(session, "ready");
        return session;
    }

    /** A private key, PEM, that is looked for too. */
    private String sshKey() {
        try {
            String key = Base64.getEncoder()
                    .encodeToString(KeyPairGenerator.getInstance("Ed25519")
                            .generateKeyPair()
                            .getPrivate()
                            .getEncoded());
            canaries.also(key);
            return "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String canary(String name) {
        return "canary-" + name + "-" + UUID.randomUUID();
    }

    private JsonNode store(Map<String, Object> credential) {
        Api.Answer answer = api.post(LOCAL + "/credentials", credential);
        answers.add(answer.body().toString());
        return answer.expect(200);
    }

    /** Says something that may be refused; the answer is searched later. */
    private JsonNode say(String path, Map<String, Object> body, int expected) {
        Api.Answer answer = api.post(LOCAL + path, body);
        answers.add(answer.raw().headers() + "\n" + new String(answer.raw().body(), StandardCharsets.UTF_8));
        return answer.expect(expected);
    }

    /** Begins a sign-in with a device code; its handle. */
    private String device() {
        return say("/credentials/github-copilot/device-code", Map.of(), 200)
                .path("deviceCode")
                .asText();
    }

    private int poll(String device) {
        Api.Answer answer = api.post(LOCAL + "/credentials/github-copilot/poll", Map.of("deviceCode", device));
        answers.add(answer.body().toString());
        return answer.status();
    }

    private static String fetch(String sandbox, String url, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("exec", sandbox, "curl", "-sS", "-m", "20"));
        command.addAll(arguments);
        command.add(url);
        return Commands.docker(command.toArray(String[]::new)).output();
    }

    private JsonNode ask(String path) {
        Api.Answer answer = api.get(path);
        answers.add(new String(answer.raw().body(), StandardCharsets.UTF_8));
        return answer.body();
    }

    /** Asks for all that a user can see. */
    private void crawl() {
        for (String path : List.of("/credentials", "/credentials/providers", "/sessions", "/workspaces", "/agents")) {
            ask(LOCAL + path + "?limit=200");
        }
        for (String session : sessions) {
            for (String what : List.of("", "/messages", "/egress", "/diff", "/checkpoints", "/files")) {
                ask(LOCAL + "/sessions/" + session + what);
            }
        }
        for (String name : List.of("npm", "registry", "github-copilot", "anthropic", "mine", "ssh")) {
            ask(LOCAL + "/credentials/" + name);
            ask(LOCAL + "/credentials/" + name + "/uses");
        }
        ask("/api/status");
        ask("/api/server-config");
    }

    /** What is alive in a service's heap; written outside of its home, so that it is not searched twice. */
    private void heap(String service, long pid) throws IOException {
        Path dump = folder.resolve(service + ".hprof");
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Commands.run(folder, Map.of(), Duration.ofMinutes(2), jcmd, Long.toString(pid), "GC.heap_dump", dump.toString())
                .orFail();
        both(search -> search.file("heap of " + service, dump));
        Files.delete(dump);
    }

    private void both(java.util.function.Consumer<SecretSearch> look) {
        look.accept(canaries);
        look.accept(planted);
    }

    private static Set<String> places(SecretSearch search) {
        return search.found().stream()
                .map(hit -> hit.substring(0, hit.indexOf(':')))
                .map(place -> place.replaceAll(" /.*", ""))
                .collect(Collectors.toSet());
    }

    /** One that was made ahead and waits is nobody's. */
    private String sandboxOfASession() {
        return sandboxes().stream()
                .filter(id -> Commands.docker("exec", id, "test", "-f", "/data/session.json")
                                .exitCode()
                        == 0)
                .findFirst()
                .orElseThrow();
    }

    private List<String> sandboxes() {
        return Commands.docker("ps", "-aq", "--filter", "label=dev.slipway.home=" + slipway.home)
                .orFail()
                .lines()
                .toList();
    }
}
