package dev.slipway.gateway.status;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The API's description as a page to read: one file, no script, nothing from elsewhere. */
@Singleton
public class ApiDocs {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2024;background:#fff}
            h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #d0d7de;padding-bottom:.3rem}
            nav a{margin-right:.8rem}details{border:1px solid #d0d7de;border-radius:6px;margin:.4rem 0;padding:.4rem .8rem}
            summary{cursor:pointer}code,pre{font:13px/1.45 ui-monospace,monospace}.m{display:inline-block;min-width:4.2rem;font-weight:700}
            .get{color:#0550ae}.post{color:#116329}.put,.patch{color:#7d4e00}.delete{color:#a40e26}
            table{border-collapse:collapse;margin:.4rem 0;width:100%}td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-top:1px solid #eaeef2}
            p.d{white-space:pre-line}.by{color:#57606a;float:right}
            @media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}a{color:#58a6ff}.get{color:#79c0ff}.post{color:#7ee787}.put,.patch{color:#e3b341}.delete{color:#ff7b72}.by{color:#8b949e}details,h2,td,th{border-color:#30363d}}
            """;

    /** What a policy names to let the page's own style in, and nothing else. */
    public static final String STYLE_HASH = hash(STYLE);

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final String page;

    ApiDocs() {
        this.page = render();
    }

    /** The page. */
    String page() {
        return page;
    }

    /** The description as it is in the jar. */
    static String description() {
        try (InputStream in = ApiDocs.class.getResourceAsStream("/openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("openapi.yaml: not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.yaml", e);
        }
    }

    private static String render() {
        Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(description());
        Map<?, ?> info = map(document.get("info"));
        StringBuilder out = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(escape(info.get("title")))
                .append(" API</title><style>")
                .append(STYLE)
                .append("</style></head><body><h1>")
                .append(escape(info.get("title")))
                .append(" API ")
                .append(escape(info.get("version")))
                .append("</h1><p class=\"d\">")
                .append(escape(info.get("description")))
                .append("</p><p><a href=\"/openapi.yaml\">openapi.yaml</a></p><nav>");
        List<?> tags = list(document.get("tags"));
        tags.forEach(tag -> out.append("<a href=\"#")
                .append(anchor(map(tag).get("name")))
                .append("\">")
                .append(escape(map(tag).get("name")))
                .append("</a>"));
        out.append("</nav>");
        for (Object tag : tags) {
            Object name = map(tag).get("name");
            out.append("<h2 id=\"")
                    .append(anchor(name))
                    .append("\">")
                    .append(escape(name))
                    .append("</h2>");
            map(document.get("paths")).forEach((path, item) -> operations(out, document, path, map(item), name));
        }
        return out.append("</body></html>\n").toString();
    }

    private static void operations(
            StringBuilder out,
            Map<String, Object> document,
            @Nullable Object path,
            Map<?, ?> item,
            @Nullable Object tag) {
        item.forEach((method, value) -> {
            if (METHODS.contains(String.valueOf(method))
                    && list(map(value).get("tags")).contains(tag)) {
                operation(out, document, String.valueOf(method), path, item, map(value));
            }
        });
    }

    private static void operation(
            StringBuilder out,
            Map<String, Object> document,
            String method,
            @Nullable Object path,
            Map<?, ?> item,
            Map<?, ?> operation) {
        out.append("<details><summary><span class=\"m ")
                .append(method)
                .append("\">")
                .append(method.toUpperCase(Locale.ROOT))
                .append("</span><code>")
                .append(escape(path))
                .append("</code> ")
                .append(escape(operation.get("summary")))
                .append("<span class=\"by\">")
                .append(escape(item.get("x-served-by")))
                .append("</span></summary>");
        if (operation.get("description") != null) {
            out.append("<p class=\"d\">")
                    .append(escape(operation.get("description")))
                    .append("</p>");
        }
        StringBuilder rows = new StringBuilder();
        list(item.get("parameters")).forEach(parameter -> parameter(rows, map(resolve(document, parameter))));
        list(operation.get("parameters")).forEach(parameter -> parameter(rows, map(resolve(document, parameter))));
        if (!rows.isEmpty()) {
            out.append("<table><tr><th>parameter</th><th>in</th><th>meaning</th></tr>")
                    .append(rows)
                    .append("</table>");
        }
        Map<?, ?> body = map(resolve(document, operation.get("requestBody")));
        map(body.get("content"))
                .forEach((type, media) -> out.append("<p>Body <code>")
                        .append(escape(type))
                        .append("</code></p><pre>")
                        .append(escape(shape(document, map(media).get("schema"), 0)))
                        .append("</pre>"));
        out.append("<table><tr><th>status</th><th>meaning</th></tr>");
        map(operation.get("responses")).forEach((status, value) -> response(out, document, status, value));
        out.append("</table></details>");
    }

    private static void parameter(StringBuilder out, Map<?, ?> parameter) {
        out.append("<tr><td><code>")
                .append(escape(parameter.get("name")))
                .append(Boolean.TRUE.equals(parameter.get("required")) ? "" : "?")
                .append("</code></td><td>")
                .append(escape(parameter.get("in")))
                .append("</td><td>")
                .append(escape(parameter.get("description")))
                .append("</td></tr>");
    }

    private static void response(
            StringBuilder out, Map<String, Object> document, @Nullable Object status, @Nullable Object value) {
        Map<?, ?> response = map(resolve(document, value));
        out.append("<tr><td>").append(escape(status)).append("</td><td>").append(escape(response.get("description")));
        if (String.valueOf(status).startsWith("2")) {
            map(response.get("content"))
                    .forEach((type, media) -> out.append("<pre>")
                            .append(escape(type))
                            .append('\n')
                            .append(escape(shape(document, map(media).get("schema"), 0)))
                            .append("</pre>"));
        }
        out.append("</td></tr>");
    }

    /** A schema in a few words: names and types, a few levels deep. */
    private static String shape(Map<String, Object> document, @Nullable Object given, int depth) {
        Map<?, ?> schema = map(resolve(document, given));
        if (schema.get("allOf") instanceof List<?> parts) {
            StringBuilder all = new StringBuilder();
            parts.forEach(part -> all.append(all.isEmpty() ? "" : " & ").append(shape(document, part, depth)));
            return all.toString();
        }
        Map<?, ?> properties = map(schema.get("properties"));
        if (!properties.isEmpty()) {
            if (depth == 3) {
                return "{…}";
            }
            List<?> required = list(schema.get("required"));
            StringBuilder out = new StringBuilder("{\n");
            properties.forEach((name, value) -> out.append("  ".repeat(depth + 1))
                    .append(name)
                    .append(required.contains(name) ? ": " : "?: ")
                    .append(shape(document, value, depth + 1))
                    .append('\n'));
            return out.append("  ".repeat(depth)).append('}').toString();
        }
        if (schema.get("items") != null) {
            return "[" + shape(document, schema.get("items"), depth) + "]";
        }
        if (schema.get("enum") instanceof List<?> values) {
            return String.join(" | ", values.stream().map(String::valueOf).toList());
        }
        return String.valueOf(schema.get("type") == null ? "any" : schema.get("type"));
    }

    private static @Nullable Object resolve(Map<String, Object> document, @Nullable Object value) {
        @Nullable Object found = value;
        for (int hops = 0; hops < 10 && map(found).get("$ref") instanceof String reference; hops++) {
            found = document;
            for (String segment : reference.substring(2).split("/", -1)) {
                found = map(found).get(segment);
            }
        }
        return found;
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static String anchor(@Nullable Object name) {
        return String.valueOf(name).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    private static String escape(@Nullable Object text) {
        return text == null
                ? ""
                : String.valueOf(text)
                        .replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;");
    }

    private static String hash(String style) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: in every Java runtime)", e);
        }
    }
}
