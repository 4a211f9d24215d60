package dev.slipway.mitm.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What may be spent, when many spend at once. */
@NullMarked
class PurseTest {
    private static final long DOLLAR = 1_000_000;

    @Test
    void withoutALimitThereIsAlwaysRoom() throws Exception {
        Purse purse = Purse.open();

        for (int i = 0; i < 100; i++) {
            purse.reserve().settle(100 * DOLLAR);
        }

        assertThat(purse.project().standing().spent()).isEqualTo(10_000 * DOLLAR);
    }

    @Test
    void aSpentBudgetRefusesAndSaysWhose() throws Exception {
        Purse purse = Purse.open();
        purse.project().load(2 * DOLLAR, DOLLAR);
        purse.reserve().settle(1_100_000);

        assertThatThrownBy(purse::reserve)
                .isInstanceOfSatisfying(
                        Purse.NoRoom.class,
                        reason -> assertThat(reason.isSpent()).isTrue())
                .hasMessage("The project's budget for this month of 2.00 USD is spent (2.10 USD)");

        purse.project().load(3 * DOLLAR, DOLLAR);
        purse.reserve().settle(0);
    }

    @Test
    void whatCallsUnderWayHoldIsNotGivenTwice() throws Exception {
        Purse purse = Purse.open();
        purse.session().load(400_000L, 0);
        Purse.Reservation first = purse.reserve();

        assertThatThrownBy(purse::reserve)
                .isInstanceOfSatisfying(
                        Purse.NoRoom.class,
                        reason -> assertThat(reason.isSpent()).isFalse());
        first.settle(10_000);
        first.settle(10_000);

        purse.reserve().settle(0);
        assertThat(purse.session().standing().spent()).isEqualTo(10_000);
        assertThat(purse.project().standing().spent()).isEqualTo(10_000);
    }

    @Test
    void aStoredCostIsNotCountedTwice() throws Exception {
        Purse purse = Purse.open();
        purse.reserve().settle(DOLLAR);
        purse.session().load(null, 0);
        assertThat(purse.session().standing().spent()).isEqualTo(DOLLAR);

        purse.session().stored(DOLLAR);
        purse.session().load(null, DOLLAR);

        assertThat(purse.session().standing().spent()).isEqualTo(DOLLAR);
    }

    /** Two hundred callers at once, each call 20 cents, ten dollars to spend: the last call may go over, no second one. */
    @Test
    void aBudgetHoldsWhenManyCallAtOnce() throws Exception {
        Ledger project = new Ledger();
        project.load(10 * DOLLAR, 0);
        List<Callable<Void>> callers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Purse purse = new Purse(new Ledger(), project);
            callers.add(() -> {
                call(purse);
                return null;
            });
        }

        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> done : pool.invokeAll(callers)) {
                done.get();
            }
        }

        assertThat(project.standing().spent()).isBetween(10 * DOLLAR - 200_000, 10 * DOLLAR + 200_000);
    }

    private static void call(Purse purse) throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            try {
                Purse.Reservation reservation = purse.reserve();
                Thread.sleep(1);
                reservation.settle(200_000);
            } catch (Purse.NoRoom reason) {
                if (reason.isSpent()) {
                    return;
                }
                Thread.sleep(1);
            }
        }
    }
}
