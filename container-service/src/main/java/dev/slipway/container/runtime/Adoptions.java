package dev.slipway.container.runtime;

import java.util.Optional;

/**
 * Which sandboxes that were made ahead belong to which session by now. An engine cannot change the labels of a container or the
 * name of a volume, so both keep what they were made with, and this tells whose they are.
 */
public interface Adoptions {
    /** None: every sandbox was made for its session. */
    Adoptions NONE = new Adoptions() {
        @Override
        public Optional<Adoption> ofWarm(String warmId) {
            return Optional.empty();
        }

        @Override
        public Optional<Adoption> ofSession(String sessionId) {
            return Optional.empty();
        }
    };

    /** Who has taken that sandbox; empty while nobody has. */
    Optional<Adoption> ofWarm(String warmId);

    /** What that session began with; empty if its sandbox was made for it. */
    Optional<Adoption> ofSession(String sessionId);

    /**
     * A sandbox that was made ahead, and its session.
     *
     * @param generation of the wish that took it; later ones have containers of their own and keep its volume
     */
    record Adoption(String warmId, String sessionId, String projectId, long generation) {}
}
