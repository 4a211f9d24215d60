package dev.slipway.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** For how long something found out is believed, and when it is asked for anew. */
class RecentTest {
    private static final Duration LIFETIME = Duration.ofSeconds(10);

    private long now = Long.MAX_VALUE - LIFETIME.toNanos() / 4;
    private final Recent<String, String> recent = new Recent<>(LIFETIME, 10, () -> now);
    private final List<Runnable> renewals = new ArrayList<>();

    private @Nullable String see(Optional<String> answer) {
        return recent.getAndRenew("key", renewals::add, () -> answer);
    }

    @Test
    void whatIsHalfwayThroughItsLifeIsAskedForAnewOnceAndLivesOn() {
        recent.put("key", "first");
        assertThat(see(Optional.of("second"))).isEqualTo("first");
        assertThat(renewals).isEmpty();

        now += LIFETIME.toNanos() * 6 / 10;
        assertThat(see(Optional.of("second"))).isEqualTo("first");
        assertThat(see(Optional.of("second"))).isEqualTo("first");
        assertThat(renewals).hasSize(1);

        renewals.getFirst().run();
        assertThat(see(Optional.of("third"))).isEqualTo("second");
    }

    @Test
    void whatIsNoMoreIsForgottenAsSoonAsThatIsKnown() {
        recent.put("key", "first");
        now += LIFETIME.toNanos() * 6 / 10;
        see(Optional.empty());

        renewals.getFirst().run();

        assertThat(recent.get("key")).isNull();
    }

    @Test
    void whatWasAskedBeforeAChangeIsNotKeptAfterIt() {
        recent.put("key", "first");
        now += LIFETIME.toNanos() * 6 / 10;
        recent.getAndRenew("key", renewals::add, () -> {
            recent.clear();
            return Optional.of("outdated");
        });

        renewals.getFirst().run();

        assertThat(recent.get("key")).isNull();
    }

    @Test
    void nothingIsBelievedBeyondItsLife() {
        recent.put("key", "first");

        now += LIFETIME.toNanos() + 1;

        assertThat(see(Optional.of("second"))).isNull();
        assertThat(recent.get("key")).isNull();
        assertThat(renewals).isEmpty();
    }
}
