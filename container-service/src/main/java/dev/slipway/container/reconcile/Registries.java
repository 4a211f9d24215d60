package dev.slipway.container.reconcile;

import dev.slipway.container.runtime.SandboxImage;
import dev.slipway.container.runtime.SandboxRuntime;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The package registries that an image's clients are configured for, as its build wrote them down in
 * {@code /etc/slipway/registries.json}: hosts in an array, or in arrays by client. A sandbox may reach them without a rule.
 * Anybody may make an image, so what is no plain host name is left out, and so is what is too much.
 */
@Singleton
class Registries {
    private static final Logger LOG = LoggerFactory.getLogger(Registries.class);
    private static final String FILE = "/etc/slipway/registries.json";
    private static final Pattern HOST =
            Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+");
    private static final int HOSTS_MAX = 100;
    private static final int IMAGES_MAX = 200;

    private final SandboxRuntime runtime;
    private final ObjectMapper json;
    /** By digest, so an entry can never be out of date. */
    private final Map<String, List<String>> byImage = new ConcurrentHashMap<>();

    Registries(SandboxRuntime runtime, ObjectMapper json) {
        this.runtime = runtime;
        this.json = json;
    }

    List<String> of(SandboxImage image) {
        List<String> known = byImage.get(image.id());
        if (known != null) {
            return known;
        }
        Optional<byte[]> file = runtime.readFile(image, FILE);
        List<String> hosts = file.map(content -> parse(image, content)).orElse(List.of());
        if (byImage.size() < IMAGES_MAX) {
            byImage.put(image.id(), hosts);
        }
        return hosts;
    }

    private List<String> parse(SandboxImage image, byte[] content) {
        try {
            return hosts(json.readValue(content, Object.class));
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("image", image.reference())
                    .addKeyValue("reason", e.getMessage())
                    .log("the image's registries.json is unreadable; its registries are not allowed");
            return List.of();
        }
    }

    /** The hosts in an array, in arrays that are values of an object, or in both nested. */
    static List<String> hosts(@Nullable Object value) {
        Set<String> found = new LinkedHashSet<>();
        collect(value, found, 0);
        return found.stream().limit(HOSTS_MAX).toList();
    }

    private static void collect(@Nullable Object value, Set<String> found, int depth) {
        if (depth > 4) {
            return;
        }
        switch (value) {
            case Map<?, ?> map -> map.values().forEach(inner -> collect(inner, found, depth + 1));
            case Collection<?> items -> items.forEach(inner -> collect(inner, found, depth + 1));
            case String text -> {
                String host = text.strip().toLowerCase(Locale.ROOT);
                if (HOST.matcher(host).matches()) {
                    found.add(host);
                }
            }
            case null, default -> {
                // Neither a host nor something that holds one.
            }
        }
    }
}
