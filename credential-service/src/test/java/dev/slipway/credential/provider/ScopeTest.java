package dev.slipway.credential.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What limits mean to one another, and to the places of a secret. */
class ScopeTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none,  /v1,     /v1",
                "/v1,   /v1/x,   /v1/x",
                "/v1/,  /v1/x,   /v1/x",
                "/v1/,  /v1,     /v1/",
                "/v1/x, /v1,     /v1/x",
                "/v1,   /v10,    nothing",
                "/v10,  /v1,     nothing",
                "/a,    /b,      nothing",
            })
    void theNarrowerOfTwoPathsHolds(String prefix, String path, String narrowed) {
        Scope scope = new Scope(List.of(), List.of(), List.of(), List.of(path));
        InjectionPoint point = new InjectionPoint("h.example.com", prefix, new Placement.Header("A", "{secret}"));

        assertThat(scope.narrow(List.of(point)))
                .extracting(InjectionPoint::pathPrefix)
                .isEqualTo(narrowed.equals("nothing") ? List.of() : List.of(narrowed));
    }

    @Test
    void scopesMeetWhereEveryLimitDoes() {
        Scope first = new Scope(List.of("w1", "w2"), List.of("codex"), List.of(), List.of());

        assertThat(first.meets(Scope.ANY)).isTrue();
        assertThat(first.meets(new Scope(List.of("w2"), List.of(), List.of("GET"), List.of())))
                .isTrue();
        assertThat(first.meets(new Scope(List.of("w2"), List.of("opencode"), List.of(), List.of())))
                .isFalse();
    }

    @Test
    void aScopeCoversWhatIsNoWider() {
        Scope first = new Scope(List.of("w1", "w2"), List.of(), List.of(), List.of());

        assertThat(Scope.ANY.covers(first)).isTrue();
        assertThat(first.covers(Scope.ANY)).isFalse();
        assertThat(first.covers(new Scope(List.of("w1"), List.of("codex"), List.of(), List.of())))
                .isTrue();
        assertThat(first.covers(new Scope(List.of("w1", "w3"), List.of(), List.of(), List.of())))
                .isFalse();
    }
}
