package dev.slipway.mitm.settings;

import dev.slipway.mitm.meter.PriceTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads the prices of models: the operator's file first, then the ones that come with the proxy ({@code prices.yaml}). */
final class PriceFile {
    private static final String OWN = "/prices.yaml";

    private PriceFile() {}

    /**
     * The table.
     *
     * @throws IllegalStateException if a file cannot be read, and where in it
     */
    static PriceTable load(Optional<Path> operators) {
        List<PriceTable.Entry> entries = new ArrayList<>();
        try (InputStream own = PriceFile.class.getResourceAsStream(OWN)) {
            if (operators.isPresent()) {
                entries.addAll(read(operators.get().toString(), Files.readString(operators.get())));
            }
            if (own == null) {
                throw new IllegalStateException(OWN + ": not packed with the proxy");
            }
            entries.addAll(read(OWN, new String(own.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException("prices: " + e.getMessage(), e);
        }
        return new PriceTable(entries);
    }

    private static List<PriceTable.Entry> read(String file, String text) {
        List<PriceTable.Entry> entries = new ArrayList<>();
        try {
            Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            if (!(root instanceof Map<?, ?> map) || !(map.get("prices") instanceof List<?> prices)) {
                throw new IllegalArgumentException("no list (expected: prices: [{model, input, output}])");
            }
            for (Object price : prices) {
                entries.add(entry(price, "prices[" + entries.size() + "]"));
            }
        } catch (YAMLException | IllegalArgumentException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
        return entries;
    }

    private static PriceTable.Entry entry(@Nullable Object price, String where) {
        if (!(price instanceof Map<?, ?> fields) || !(fields.get("model") instanceof String model)) {
            throw new IllegalArgumentException(where + ": no model (expected: {model, input, output})");
        }
        double input = number(fields, "input", null, where);
        return PriceTable.Entry.of(
                model,
                new PriceTable.Price(
                        input,
                        number(fields, "cacheRead", input, where),
                        number(fields, "cacheWrite", input, where),
                        number(fields, "output", null, where)));
    }

    private static double number(Map<?, ?> fields, String name, @Nullable Double otherwise, String where) {
        Object value = fields.get(name);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value == null && otherwise != null) {
            return otherwise;
        }
        throw new IllegalArgumentException(where + "." + name + ": " + value + " (expected: US dollars per million)");
    }
}
