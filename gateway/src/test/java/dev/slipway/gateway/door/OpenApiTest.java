package dev.slipway.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The description of the API promises what is served, all of it and nothing else. What is served is read from the sources of
 * the controllers, so that whoever adds a path or takes one away is told here to describe it.
 */
class OpenApiTest {
    private static final Path ROOT = Path.of("..");
    private static final String IN_PROJECT = "/internal/projects/{}/";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
    private static final Pattern CONTROLLER = Pattern.compile("@Controller(?:\\(\"([^\"]*)\"\\))?");
    private static final Pattern OPERATION = Pattern.compile("@(Get|Put|Post|Patch|Delete)\\b(?:\\(([^)]*)\\))?");
    private static final Pattern AGENT_ROUTE = Pattern.compile("\\.route\\(\\s*\"([A-Z]+)\",\\s*\"([^\"]+)\"");
    private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern VARIABLE = Pattern.compile("\\{[^}]*}");

    /** Streams, and other names of what is served elsewhere: no controller answers them. */
    private static final Set<String> AT_THE_EDGE = Set.of(
            "GET /api/projects/{}/events",
            "GET /ws/events",
            "GET /ws/pty",
            "GET /api/git/diff",
            "GET /session/{}/term",
            "GET /sessions/{}/terminal",
            "GET /preview/{}/{}/{}");

    private static String served = "";
    private static Map<String, Map<String, Object>> paths = Map.of();

    @BeforeAll
    @SuppressWarnings("unchecked") // a YAML document has no types of its own
    static void read() throws IOException {
        try (InputStream in = Objects.requireNonNull(OpenApiTest.class.getResourceAsStream("/openapi.yaml"))) {
            served = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(served);
        paths = (Map<String, Map<String, Object>>) Objects.requireNonNull(document.get("paths"));
    }

    @Test
    void theDocumentationHoldsWhatIsServed() throws IOException {
        assertThat(Files.readString(ROOT.resolve("docs/openapi.yaml"))).isEqualTo(served);
    }

    @Test
    void everyPathLeadsToThePartThatIsSaidToServeIt() {
        Map<String, Object> said = new TreeMap<>();
        Map<String, Object> found = new TreeMap<>();
        paths.forEach((path, item) -> {
            said.put(path, String.valueOf(item.get("x-served-by")));
            found.put(path, owner(path));
        });

        assertThat(found).isNotEmpty().isEqualTo(said);
    }

    @Test
    void whatIsDescribedIsWhatTheControllersServe() {
        Set<String> described = new TreeSet<>();
        paths.forEach((path, item) -> item.keySet().stream()
                .filter(METHODS::contains)
                .forEach(method -> described.add(operation(method, path))));

        Set<String> offered = new TreeSet<>(controllers("gateway"));
        offered.addAll(controllers("service-kit"));
        offered.addAll(AT_THE_EDGE);
        Stream.of("workspace-service", "session-service", "credential-service", "mitm-proxy")
                .forEach(service -> offered.addAll(proxied(service, controllers(service))));
        offered.addAll(proxied("container-service", sandboxes()));

        assertThat(described).isEqualTo(offered);
    }

    private static String owner(String path) {
        return switch (RouteTable.find(VARIABLE.matcher(path).replaceAll("1"), "sessionId=1")) {
            case Destination.Service service -> service.name();
            case Destination.Here(), Destination.Events _ -> "gateway";
            case Destination.Preview _ -> "container-service";
            case Destination.UserInterface _ -> "the user interface";
        };
    }

    /** Those operations of a service that the gateway leads to, by their public paths. */
    private static Set<String> proxied(String service, Set<String> operations) {
        return operations.stream()
                .flatMap(operation -> {
                    String method = operation.substring(0, operation.indexOf(' '));
                    String path = operation.substring(operation.indexOf(' ') + 1);
                    if (!path.startsWith(IN_PROJECT)) {
                        return Stream.of();
                    }
                    String rest = path.substring(IN_PROJECT.length());
                    return Stream.of("/api/projects/{}/" + rest, "/api/" + rest)
                            .filter(open -> owner(open).equals(service))
                            .map(open -> method + " " + open);
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * container-service passes whole trees of paths on; which of them there are is for the sandbox's agent to say. The rest it
     * answers itself, the terminal's WebSocket without a controller.
     */
    private static Set<String> sandboxes() {
        Set<String> passedOn = controllers("container-service");
        String session = IN_PROJECT + "sessions/{}";
        Set<String> found = new TreeSet<>();
        passedOn.stream()
                .filter(operation -> operation.contains(session) && !operation.endsWith("/{}"))
                .forEach(found::add);
        found.add("GET " + session + "/terminal/ws");
        for (String source : sources("agent")) {
            Matcher route = AGENT_ROUTE.matcher(source);
            while (route.find()) {
                String path = route.group(2);
                String tree = path.replaceFirst("^(/[^/]+)/.+", "$1/{}");
                if (passedOn.contains(route.group(1) + " " + session + tree)) {
                    found.add(operation(route.group(1), session + path));
                }
            }
        }
        return found;
    }

    private static Set<String> controllers(String module) {
        Set<String> found = new TreeSet<>();
        for (String source : sources(module)) {
            Matcher controller = CONTROLLER.matcher(source);
            if (controller.find()) {
                String prefix = Objects.requireNonNullElse(controller.group(1), "");
                Matcher method = OPERATION.matcher(source);
                while (method.find()) {
                    texts(Objects.requireNonNullElse(method.group(2), ""))
                            .forEach(path -> found.add(operation(method.group(1), prefix + path)));
                }
            }
        }
        assertThat(found).as("controllers of " + module).isNotEmpty();
        return found;
    }

    private static List<String> texts(String arguments) {
        List<String> found =
                TEXT.matcher(arguments).results().map(text -> text.group(1)).toList();
        return found.isEmpty() ? List.of("") : found;
    }

    private static String operation(String method, String path) {
        return method.toUpperCase(Locale.ROOT) + " "
                + VARIABLE.matcher(path).replaceAll(Matcher.quoteReplacement("{}"));
    }

    private static List<String> sources(String module) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(OpenApiTest::content)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("sources of " + module, e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
