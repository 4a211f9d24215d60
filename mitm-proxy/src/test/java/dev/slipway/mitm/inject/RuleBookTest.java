package dev.slipway.mitm.inject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.credential.InjectionRules;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of two versions of a project's rules the higher one stays, also when the project was forgotten between. */
@Timeout(20)
class RuleBookTest {
    private final Deque<InjectionRules> answers = new ArrayDeque<>();
    private final RuleBook book = new RuleBook(project -> CompletableFuture.completedFuture(answers.remove()));

    @Test
    void whatIsOlderThanWhatIsKnownChangesNothing() {
        book.learn("p", rules(8));

        assertThat(book.learn("p", rules(7)).version()).isEqualTo(8);
    }

    @Test
    void whatIsOlderThanWhatWasForgottenIsAskedForAgain() throws Exception {
        book.learn("p", rules(8));
        book.forget("p");
        answers.addAll(List.of(rules(7), rules(8)));

        assertThat(book.rulesOf("p").get(5, TimeUnit.SECONDS).version()).isEqualTo(8);
        assertThat(answers).isEmpty();
    }

    @Test
    void anOwnerWhoseNumbersBeganAnewIsBelievedTheSecondTime() throws Exception {
        book.learn("p", rules(8));
        book.forget("p");
        answers.addAll(List.of(rules(1), rules(1)));

        assertThat(book.rulesOf("p").get(5, TimeUnit.SECONDS).version()).isEqualTo(1);
    }

    @Test
    void whatIsAsNewAsWhatWasForgottenIsTakenAtOnce() throws Exception {
        book.learn("p", rules(8));
        book.forget("p");
        answers.add(rules(8));

        assertThat(book.rulesOf("p").get(300, TimeUnit.MILLISECONDS).version()).isEqualTo(8);
    }

    private static InjectionRules rules(long version) {
        return new InjectionRules(version, List.of());
    }
}
