package dev.slipway.mitm.config;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operator's configuration: shown, replaced (POST) and changed in parts (PATCH: JSON merge patch, RFC 7396). */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/config")
final class ConfigController {
    private final ConfigStore store;
    private final ObjectMapper json;

    ConfigController(ConfigStore store, ObjectMapper json) {
        this.store = store;
        this.json = json;
    }

    @Get
    ConfigView show(Caller caller) {
        caller.require(Role.SYSTEM);
        return new ConfigView(store.config(), store.file().toString(), store.problem());
    }

    @Post
    ConfigView replace(@Body Map<String, Object> body, Caller caller) throws IOException {
        caller.require(Role.SYSTEM);
        return put(body);
    }

    @Patch
    ConfigView change(@Body Map<String, Object> body, Caller caller) throws IOException {
        caller.require(Role.SYSTEM);
        @SuppressWarnings("unchecked") // an object in JSON has text for keys
        Map<String, Object> present = json.readValue(json.writeValueAsBytes(store.config()), Map.class);
        return put(merged(present, body));
    }

    private ConfigView put(Map<String, Object> wanted) throws IOException {
        try {
            store.replace(json.writeValueAsString(wanted));
        } catch (MalformedConfig malformed) {
            throw ProblemException.unprocessable("config", String.valueOf(malformed.getMessage()));
        }
        return new ConfigView(store.config(), store.file().toString(), store.problem());
    }

    private static Map<String, Object> merged(@Nullable Object target, Map<?, ?> patch) {
        Map<String, Object> result = new LinkedHashMap<>();
        if (target instanceof Map<?, ?> present) {
            present.forEach((key, value) -> result.put(String.valueOf(key), value));
        }
        patch.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (value == null) {
                result.remove(name);
            } else if (value instanceof Map<?, ?> deeper) {
                result.put(name, merged(result.get(name), deeper));
            } else {
                result.put(name, value);
            }
        });
        return result;
    }
}
