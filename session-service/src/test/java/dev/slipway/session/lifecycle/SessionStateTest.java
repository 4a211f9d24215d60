package dev.slipway.session.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a session may become, and what it cannot. */
class SessionStateTest {
    private static final SessionState.Preparing CLONING = new SessionState.Preparing(Step.CLONING);

    static Stream<SessionState> everyState() {
        return Stream.concat(
                Arrays.stream(Step.values()).map(SessionState.Preparing::new),
                Stream.of(
                        new SessionState.Ready(),
                        new SessionState.Running("t1"),
                        new SessionState.Stopped(),
                        new SessionState.Failed("it broke"),
                        new SessionState.Removing(),
                        new SessionState.Removed()));
    }

    @Test
    void progressGoesForwardOnly() {
        assertThat(CLONING.reached(Step.CREATING_SANDBOX)).isEqualTo(new SessionState.Preparing(Step.CREATING_SANDBOX));
        assertThat(CLONING.reached(Step.INITIALIZING)).isEqualTo(CLONING);
    }

    @Test
    void aReadySessionTakesATurnAndIsReadyAgain() {
        assertThat(CLONING.sandboxReady().turnStarted("t1")).isEqualTo(new SessionState.Running("t1"));
        assertThat(new SessionState.Running("t1").turnEnded()).isEqualTo(new SessionState.Ready());
    }

    @Test
    void aSessionWithoutABranchBeginsAtTheBeginning() {
        assertThat(new SessionState.Stopped().wakened(false)).isEqualTo(new SessionState.Preparing(Step.INITIALIZING));
        assertThat(new SessionState.Stopped().wakened(true)).isEqualTo(CLONING);
    }

    @ParameterizedTest
    @MethodSource("everyState")
    void anythingCanFailButWhatIsBeingRemoved(SessionState state) {
        boolean going = List.of("removing", "removed").contains(state.status());

        assertThat(state.failed("no memory")).isEqualTo(going ? state : new SessionState.Failed("no memory"));
    }

    @ParameterizedTest
    @MethodSource("everyState")
    void anythingCanBeRemoved(SessionState state) {
        assertThat(state.removing().status()).isEqualTo(state.status().equals("removed") ? "removed" : "removing");
    }

    @ParameterizedTest
    @MethodSource("everyState")
    void aStateIsReadAsItWasWritten(SessionState state) {
        String turn = state instanceof SessionState.Running(String id) ? id : null;
        String error = state instanceof SessionState.Failed(String reason) ? reason : null;

        assertThat(SessionState.of(state.status(), turn, error)).isEqualTo(state);
    }
}
