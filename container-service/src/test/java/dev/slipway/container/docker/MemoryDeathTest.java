package dev.slipway.container.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventActor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What ended a container that carries the mark, by the events of either engine. */
@NullMarked
class MemoryDeathTest {
    @Test
    void dockerTellsOfTheWantOfMemory() {
        assertThat(MemoryDeath.isByMemory(List.of(event("oom"), event("die")), false))
                .isTrue();
        assertThat(MemoryDeath.isByMemory(List.of(event("die")), false)).isFalse();
        assertThat(MemoryDeath.isByMemory(List.of(event("oom"), kill("9"), event("die")), false))
                .isFalse();
        assertThat(MemoryDeath.isByMemory(List.of(event("oom"), kill("15"), event("die")), false))
                .isTrue();
    }

    @Test
    void podmanDoesNotSoItsMarkCountsUnlessSomebodyEndedTheContainer() {
        assertThat(MemoryDeath.isByMemory(List.of(event("die")), true)).isTrue();
        assertThat(MemoryDeath.isByMemory(List.of(event("kill"), event("die")), true))
                .isFalse();
    }

    @Test
    void theMarkCountsWhereNothingIsRemembered() {
        assertThat(MemoryDeath.isByMemory(List.of(), false)).isTrue();
        assertThat(MemoryDeath.isByMemory(List.of(), true)).isTrue();
    }

    private static Event event(String action) {
        return new Event().withAction(action);
    }

    private static Event kill(String signal) {
        return event("kill").withEventActor(new EventActor().withAttributes(Map.of("signal", signal)));
    }
}
