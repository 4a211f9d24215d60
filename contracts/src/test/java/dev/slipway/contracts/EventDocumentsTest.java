package dev.slipway.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What others read about our events is what the records are, and what was once published can be read for ever. */
class EventDocumentsTest {
    private static final Path ASYNC_API = Path.of("../docs/asyncapi.yaml");
    private static final Path EVENTS = Path.of("../docs/events.md");
    private static final Path SAMPLES = Path.of("src/test/resources/samples");
    private static final ObjectMapper JSON = ObjectMapper.getDefault();

    @Test
    void theDescriptionForMachinesIsCurrent() throws IOException {
        String generated = AsyncApi.document();
        if (Boolean.getBoolean("slipway.write")) {
            Files.writeString(ASYNC_API, generated);
        }

        assertThat(Files.readString(ASYNC_API)).isEqualTo(generated);
    }

    @Test
    void thePageForPeopleNamesEveryRecord() throws IOException {
        String page = Files.readString(EVENTS);

        for (Class<? extends LifecycleEvent> event : EventCatalogue.all()) {
            String publisher = event.getInterfaces()[0].getSimpleName();
            assertThat(page.contains(event.getSimpleName()) || page.contains(publisher + ".*"))
                    .as("docs/events.md names " + event.getSimpleName())
                    .isTrue();
        }
    }

    @Test
    void noTwoEventsHaveTheSameType() {
        List<String> types =
                EventCatalogue.all().stream().map(LifecycleEvent::typeOf).toList();

        assertThat(types).doesNotHaveDuplicates().allMatch(type -> type.matches("dev\\.slipway\\.[a-z.]+\\.v\\d+"));
    }

    static List<Class<? extends LifecycleEvent>> events() {
        return EventCatalogue.all();
    }

    /** A sample is never edited: it stands for what lies in somebody's log. */
    @ParameterizedTest
    @MethodSource("events")
    void everySampleThatWasEverPublishedIsReadAndKeepsItsFields(Class<? extends LifecycleEvent> event)
            throws IOException {
        Path sample = SAMPLES.resolve(LifecycleEvent.typeOf(event) + ".json");
        String published = Files.readString(sample);

        LifecycleEvent read = JSON.readValue(published, event);

        assertThat(fields(JSON.writeValueAsString(read))).containsAll(fields(published));
    }

    @Test
    void everySampleBelongsToAnEvent() throws IOException {
        try (var files = Files.list(SAMPLES)) {
            List<String> present =
                    files.map(file -> file.getFileName().toString()).toList();

            assertThat(present)
                    .containsExactlyInAnyOrderElementsOf(EventCatalogue.all().stream()
                            .map(event -> LifecycleEvent.typeOf(event) + ".json")
                            .toList());
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> fields(String json) throws IOException {
        return List.copyOf(((java.util.Map<String, Object>) JSON.readValue(json, java.util.Map.class)).keySet());
    }
}
