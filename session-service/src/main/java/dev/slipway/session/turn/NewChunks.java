package dev.slipway.session.turn;

import java.util.List;

/**
 * Chunks of a turn that were just stored, in order and without a gap.
 *
 * @param first the number of the first of them, or of the next chunk if there are none
 * @param data each as viewers get it, byte for byte
 */
public record NewChunks(String turnId, long first, List<String> data) {
    public NewChunks {
        data = List.copyOf(data);
    }
}
