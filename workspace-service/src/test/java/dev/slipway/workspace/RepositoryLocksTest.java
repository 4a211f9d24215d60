package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.git.Git;
import dev.slipway.workspace.git.RepositoryLocks;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who has lost a repository to another replica does not touch it any more, whatever it was in the middle of. */
@NullMarked
@MicronautTest(transactional = false)
class RepositoryLocksTest extends ServiceTest {
    private static final Duration WAIT = Duration.ofSeconds(1);

    @Inject
    private RepositoryLocks locks;

    @Inject
    private Git git;

    @Test
    void whatWasStoppedForLongerThanItsLeaseGivesUpAtItsNextCommand() {
        Shell repository = Shell.repository(playground.resolve("lost"));
        String before = repository.git("rev-parse", "HEAD");

        assertThatThrownBy(() -> locks.alone("lost", WAIT, () -> {
                    update("owner = 'another replica', fence = fence + 1, lease_until = now() + interval '1 minute'");
                    await().pollInSameThread().atMost(Duration.ofSeconds(15)).until(() -> isRefused(repository));
                    return git.in(repository.folder()).run("update-ref", "refs/heads/taken", "HEAD");
                }))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.kind()).isEqualTo("repository-busy"));

        assertThat(repository.git("for-each-ref", "refs/heads/taken")).isEmpty();
        assertThat(repository.git("rev-parse", "HEAD")).isEqualTo(before);
        assertThatThrownBy(() -> locks.alone("lost", WAIT, () -> "never"))
                .as("the other replica still has it")
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void aLeaseThatAnotherHadInBetweenIsLostAlthoughItIsFreeAgain() {
        Shell repository = Shell.repository(playground.resolve("between"));

        assertThatThrownBy(() -> locks.alone("between", WAIT, () -> {
                    update("owner = '', fence = fence + 1, lease_until = '-infinity'");
                    await().pollInSameThread().atMost(Duration.ofSeconds(15)).until(() -> isRefused(repository));
                    return git.in(repository.folder()).run("update-ref", "refs/heads/taken", "HEAD");
                }))
                .isInstanceOf(ProblemException.class);

        assertThat(repository.git("for-each-ref", "refs/heads/taken")).isEmpty();
        assertThat(locks.alone("between", WAIT, () -> "free")).isEqualTo("free");
    }

    @Test
    void aLeaseThatIsRenewedGoesOn() {
        Shell repository = Shell.repository(playground.resolve("kept"));

        locks.alone(
                "kept",
                WAIT,
                () -> locks.alone(
                        "inner", WAIT, () -> git.in(repository.folder()).run("update-ref", "refs/heads/made", "HEAD")));

        assertThat(repository.git("for-each-ref", "refs/heads/made")).isNotEmpty();
    }

    private boolean isRefused(Shell repository) {
        try {
            git.in(repository.folder()).run("rev-parse", "HEAD");
            return false;
        } catch (ProblemException _) {
            return true;
        }
    }

    private void update(String what) {
        transactions.executeWrite(_ -> jdbc.prepareStatement(
                "UPDATE lease SET " + what + " WHERE name IN ('lost', 'between')", update -> update.executeUpdate()));
    }
}
