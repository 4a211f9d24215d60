package dev.slipway.mitm.meter;

import java.util.Optional;

/**
 * The numbers found so far. Providers report running totals, in several places of a stream: the largest of each is the last one.
 *
 * <p>Anthropic counts tokens read from and written to its cache beside {@code input_tokens}; OpenAI and Google count them within.
 */
final class UsageFound {
    private String model = "";
    private long input;
    private long cacheRead;
    private long cachedWithin;
    private long cacheWritten;
    private long output;
    private long thoughts;
    private boolean any;

    void model(String name) {
        model = name.length() <= 200 ? name : name.substring(0, 200);
    }

    void number(String field, long value) {
        any = true;
        switch (field) {
            case "input_tokens", "prompt_tokens", "promptTokenCount" -> input = Math.max(input, value);
            case "cached_tokens", "cachedContentTokenCount" -> cachedWithin = Math.max(cachedWithin, value);
            case "cache_read_input_tokens" -> cacheRead = Math.max(cacheRead, value);
            case "cache_creation_input_tokens" -> cacheWritten = Math.max(cacheWritten, value);
            case "output_tokens", "completion_tokens", "candidatesTokenCount" -> output = Math.max(output, value);
            case "thoughtsTokenCount" -> thoughts = Math.max(thoughts, value);
            default -> {}
        }
    }

    Optional<Counted> counted() {
        long cached = Math.min(cachedWithin, input);
        return any
                ? Optional.of(new Counted(model, input - cached, cacheRead + cached, cacheWritten, output + thoughts))
                : Optional.empty();
    }
}
