package dev.slipway.gateway.user;

import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.door.EntityTags;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a user likes. Values are texts that the clients agree on among themselves. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/preferences")
class PreferenceController {
    private final PreferenceService preferences;

    PreferenceController(PreferenceService preferences) {
        this.preferences = preferences;
    }

    @Serdeable
    record Preferences(List<Preference> preferences) {}

    @Serdeable
    record NewPreferences(Map<String, String> preferences) {}

    @Serdeable
    record NewValue(String value) {}

    @Get
    Preferences list(Admission admission) {
        return new Preferences(preferences.list(admission.user().id()));
    }

    @Put
    Preferences putAll(Admission admission, @Body NewPreferences body) {
        preferences.store(admission.user().id(), body.preferences());
        return list(admission);
    }

    @Get("/{key}")
    HttpResponse<Preference> get(Admission admission, @PathVariable String key) {
        Preference found = preferences.get(admission.user().id(), key);
        return HttpResponse.ok(found).header("ETag", EntityTags.of(found.version()));
    }

    @Put("/{key}")
    HttpResponse<Preference> put(
            Admission admission,
            @PathVariable String key,
            @Body NewValue body,
            @Nullable @Header("If-Match") String ifMatch) {
        preferences.store(admission.user().id(), key, body.value(), EntityTags.version(ifMatch));
        return get(admission, key);
    }

    @Delete("/{key}")
    @Status(HttpStatus.NO_CONTENT)
    void delete(Admission admission, @PathVariable String key, @Nullable @Header("If-Match") String ifMatch) {
        preferences.delete(admission.user().id(), key, EntityTags.version(ifMatch));
    }
}
