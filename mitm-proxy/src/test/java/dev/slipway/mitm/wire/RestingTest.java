package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Which connection goes when there are too many that nobody uses. */
@NullMarked
class RestingTest {
    private final Resting resting = new Resting();
    private final List<String> givenUp = new ArrayList<>();

    @Test
    void beyondTheLimitTheOneThatRestedLongestGoes() {
        add("busy", Resting.CONNECTIONS_MAX);

        resting.add("busy", "one more", () -> givenUp.add("one more"));

        assertThat(givenUp).containsExactly("busy 0");
        assertThat(resting.count()).isEqualTo(Resting.CONNECTIONS_MAX);
    }

    @Test
    void aSessionThatAsksThousandsOfServersTakesNothingFromAnother() {
        add("quiet", 20);

        add("busy", 5_000);

        assertThat(givenUp).noneMatch(name -> name.startsWith("quiet")).hasSize(20 + 5_000 - Resting.CONNECTIONS_MAX);
        assertThat(resting.count()).isEqualTo(Resting.CONNECTIONS_MAX);
    }

    @Test
    void oneThatIsUsedAgainIsNoLongerCountedAndComesBackAsTheYoungest() {
        add("busy", Resting.CONNECTIONS_MAX);

        resting.remove("busy", "busy 0");
        resting.remove("busy", "busy 0");
        resting.remove("nobody", "busy 1");
        assertThat(resting.count()).isEqualTo(Resting.CONNECTIONS_MAX - 1);
        resting.add("busy", "busy 0", () -> givenUp.add("busy 0"));
        resting.add("busy", "one more", () -> givenUp.add("one more"));

        assertThat(givenUp).containsExactly("busy 1");
    }

    private void add(String session, int count) {
        for (int i = 0; i < count; i++) {
            String name = session + " " + i;
            resting.add(session, name, () -> givenUp.add(name));
        }
    }
}
