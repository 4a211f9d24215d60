package dev.slipway.mitm.meter;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What models cost. Of several patterns that fit a model's name the first one counts.
 *
 * @param entries in order
 */
public record PriceTable(List<Entry> entries) {
    /** Millionths of a dollar in a dollar. */
    public static final double MICROS = 1_000_000;

    /**
     * Prices in US dollars for a million tokens, which is millionths of a dollar for one.
     *
     * @param cacheRead for input that the provider had in its cache
     * @param cacheWrite for input that it put there
     */
    public record Price(double input, double cacheRead, double cacheWrite, double output) {
        public Price {
            if (!(input >= 0 && cacheRead >= 0 && cacheWrite >= 0 && output >= 0)) {
                throw new IllegalArgumentException("price: " + input + ", " + cacheRead + ", " + cacheWrite + ", "
                        + output + " (expected: numbers >= 0)");
            }
        }
    }

    /** The price of all models whose name fits. */
    public record Entry(Pattern model, Price price) {
        /** An entry for a name in which {@code *} stands for any characters. */
        public static Entry of(String glob, Price price) {
            String regex = Pattern.quote(glob.toLowerCase(Locale.ROOT)).replace("*", "\\E.*\\Q");
            return new Entry(Pattern.compile(regex), price);
        }
    }

    public PriceTable {
        entries = List.copyOf(entries);
    }

    /** The price of a model, whose name may have the provider before a slash ({@code openai/gpt-5}). */
    public Optional<Price> of(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return entries.stream()
                .filter(entry -> entry.model.matcher(name).matches())
                .map(Entry::price)
                .findFirst();
    }
}
