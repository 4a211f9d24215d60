package dev.slipway.mitm.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.mitm.meter.Counted;
import dev.slipway.mitm.meter.PriceTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model costs. */
@NullMarked
class PriceFileTest {
    @TempDir
    Path folder;

    /** Two million tokens of fresh input, one million each of the rest, in cents. */
    @ParameterizedTest
    @CsvSource({
        "claude-sonnet-4-5-20250929,2505",
        "anthropic/claude-sonnet-4-5,2505",
        "claude-opus-4-5,4175",
        "claude-opus-4-1-20250805,12525",
        "GPT-5-codex,1262.5",
        "gemini-2.5-flash,313"
    })
    void theBuiltInPricesTellCachedInputApart(String model, double cents) {
        PriceTable prices = PriceFile.load(Optional.empty());
        boolean writes = model.contains("claude");
        Counted counted = new Counted(model, 2_000_000, 1_000_000, writes ? 1_000_000 : 0, 1_000_000);

        assertThat(counted.usage(prices).costUsd()).isEqualTo(cents / 100);
    }

    @Test
    void aModelThatNobodyKnowsHasNoPrice() {
        Counted counted = new Counted("llama-local", 1, 1, 1, 1);

        assertThat(counted.usage(PriceFile.load(Optional.empty())).costUsd()).isNull();
    }

    @Test
    void theOperatorsPricesBeatTheBuiltInOnes() throws Exception {
        Path file = folder.resolve("prices.yaml");
        Files.writeString(
                file, "prices:\n  - {model: 'claude-*', input: 1, output: 2}\n  - {model: '*', input: 0, output: 0}\n");
        PriceTable prices = PriceFile.load(Optional.of(file));

        assertThat(new Counted("claude-opus-4-5", 1_000_000, 1_000_000, 0, 1_000_000)
                        .usage(prices)
                        .costUsd())
                .isEqualTo(4);
        assertThat(new Counted("llama-local", 1, 1, 1, 1).usage(prices).costUsd())
                .isZero();
    }

    @Test
    void aMistakeIsToldWithItsPlace() throws Exception {
        Path file = folder.resolve("prices.yaml");
        Files.writeString(
                file, "prices:\n  - {model: a, input: 1, output: 1}\n  - {model: b, input: dear, output: 1}\n");

        assertThatThrownBy(() -> PriceFile.load(Optional.of(file)))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("prices[1].input: dear");
    }
}
