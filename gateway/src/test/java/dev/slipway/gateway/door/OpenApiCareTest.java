package dev.slipway.gateway.door;

import static dev.slipway.gateway.door.OpenApiChanges.list;
import static dev.slipway.gateway.door.OpenApiChanges.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The description is well kept, and breaks no client. It is compared with the baseline, which is what clients were promised, and
 * with what was committed last, so that a promise made since then is not taken back unnoticed either. The baseline is replaced by
 * the description itself ({@code cp docs/openapi.yaml gateway/src/test/resources/openapi-baseline.yaml}) when a release is made.
 */
class OpenApiCareTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
    private static final Pattern VARIABLE = Pattern.compile("\\{([^}]+)}");
    private static final Pattern REFERENCE = Pattern.compile("\\$ref: ['\"]?(#[^'\"}\\s]+)");

    private static String text = "";
    private static Map<String, Object> document = Map.of();

    @BeforeAll
    static void read() throws IOException {
        text = Files.readString(Path.of("../docs/openapi.yaml"));
        document = parse(text);
    }

    private static Map<String, Object> parse(String yaml) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    }

    @Test
    void everyOperationIsNamedOnceTaggedSummedUpAndSaysHowItFails() {
        List<String> faults = new ArrayList<>();
        Set<Object> names = new HashSet<>();
        List<?> tags = list(document.get("tags")).stream()
                .map(tag -> map(tag).get("name"))
                .toList();
        map(document.get("paths"))
                .forEach((path, item) -> map(item).forEach((method, value) -> {
                    if (!METHODS.contains(String.valueOf(method))) {
                        return;
                    }
                    Map<?, ?> operation = map(value);
                    String name = method + " " + path;
                    if (!names.add(operation.get("operationId")) || operation.get("operationId") == null) {
                        faults.add(name + ": operationId " + operation.get("operationId") + " missing or used twice");
                    }
                    if (operation.get("summary") == null || !tags.containsAll(list(operation.get("tags")))) {
                        faults.add(name + ": no summary, or a tag that is not declared");
                    }
                    if (map(operation.get("responses")).get("default") == null) {
                        faults.add(name + ": no default answer, which is a problem");
                    }
                    Set<Object> declared = new HashSet<>();
                    for (Object holder : List.of(item, value)) {
                        for (Object parameter : list(map(holder).get("parameters"))) {
                            Map<?, ?> resolved = map(OpenApiChanges.resolve(document, parameter));
                            if ("path".equals(resolved.get("in"))) {
                                declared.add(resolved.get("name"));
                            }
                        }
                    }
                    Matcher variable = VARIABLE.matcher(String.valueOf(path));
                    while (variable.find()) {
                        if (!declared.contains(variable.group(1))) {
                            faults.add(name + ": {" + variable.group(1) + "} is not described");
                        }
                    }
                }));

        assertThat(faults).isEmpty();
        assertThat(document.get("openapi")).isEqualTo("3.1.0");
    }

    @Test
    void everyReferenceLeadsSomewhereAndEveryPartIsUsed() {
        Set<String> used = new HashSet<>();
        Matcher reference = REFERENCE.matcher(text);
        while (reference.find()) {
            used.add(reference.group(1));
            assertThat(OpenApiChanges.resolve(document, Map.of("$ref", reference.group(1))))
                    .as(reference.group(1))
                    .isNotNull();
        }
        List<String> unused = new ArrayList<>();
        map(map(document.get("components")).get("schemas")).keySet().stream()
                .filter(name -> !used.contains("#/components/schemas/" + name))
                .forEach(name -> unused.add(String.valueOf(name)));
        assertThat(unused).isEmpty();
    }

    @Test
    void nothingThatClientsRelyOnWasTakenAway() throws Exception {
        try (InputStream baseline = OpenApiCareTest.class.getResourceAsStream("/openapi-baseline.yaml")) {
            String promised = new String(Objects.requireNonNull(baseline).readAllBytes(), StandardCharsets.UTF_8);

            assertThat(OpenApiChanges.breaking(parse(promised), document)).isEmpty();
        }
    }

    @Test
    void nothingIsTakenAwayThatWasCommitted() throws Exception {
        Process git = new ProcessBuilder("git", "show", "HEAD:docs/openapi.yaml")
                .directory(Path.of("..").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String before = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // Sources without their history have nothing to be compared with.
        assumeTrue(git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0);

        assertThat(OpenApiChanges.breaking(parse(before), document)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/things:      | /stuff:            | GET /things is gone",
                "required: false | required: true   | GET /things needs parameter query q",
                "'200'         | '204'              | GET /things 200 is not answered",
                "name: {       | title: {           | GET /things 200 has no name",
                "[id, name]    | [id]               | GET /things 200 may lack name",
                "id: {type: string} | id: {type: integer} | GET /things 200.id was string and is integer",
                "required: [a] | required: [a, b]   | POST /things body needs b",
                "enum: [x, y]  | enum: [x]          | POST /things body.a takes no y",
                "application/json | text/plain      | GET /things 200 is not application/json"
            })
    void aBreakIsSeen(String old, String now, String found) {
        String before = """
                openapi: 3.1.0
                info: {version: 0.1.0}
                paths:
                  /things:
                    get:
                      parameters: [{name: q, in: query, required: false}]
                      responses:
                        '200':
                          content:
                            application/json:
                              schema:
                                type: object
                                required: [id, name]
                                properties:
                                  id: {type: string}
                                  name: {type: string}
                    post:
                      requestBody:
                        content:
                          application/json:
                            schema:
                              type: object
                              required: [a]
                              properties:
                                a: {type: string, enum: [x, y]}
                                b: {type: string}
                """;
        String after = before.replace(old.strip(), now.strip());
        assertThat(after).isNotEqualTo(before);

        assertThat(OpenApiChanges.breaking(parse(before), parse(after))).contains(found.strip());
        assertThat(OpenApiChanges.breaking(parse(before), parse(after.replace("0.1.0", "0.2.0"))))
                .isEmpty();
        assertThat(OpenApiChanges.breaking(parse(before), parse(before))).isEmpty();
    }
}
