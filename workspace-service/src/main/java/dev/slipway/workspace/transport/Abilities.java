package dev.slipway.workspace.transport;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What git can do for a repository, as it says in the second version of its protocol (gitprotocol-v2(5), capability advertisement): no
 * reference is in it, so it is the same for every session, and each fetch asks for it first. Kept for a while; a git that was replaced is
 * noticed then.
 */
final class Abilities {
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final int REPOSITORIES_MAX = 1_000;

    private final Map<String, Told> byRepository = new LinkedHashMap<>();

    private record Told(String answer, long at) {}

    /** What was told last, or is told now. */
    byte[] of(String repository, Supplier<byte[]> ask) {
        long now = System.nanoTime();
        synchronized (byRepository) {
            Told told = byRepository.get(repository);
            if (told != null && now - told.at() < KEPT.toNanos()) {
                return told.answer().getBytes(StandardCharsets.ISO_8859_1);
            }
        }
        byte[] answer = ask.get();
        synchronized (byRepository) {
            if (byRepository.size() >= REPOSITORIES_MAX) {
                byRepository.remove(byRepository.keySet().iterator().next());
            }
            byRepository.put(repository, new Told(new String(answer, StandardCharsets.ISO_8859_1), now));
        }
        return answer;
    }
}
