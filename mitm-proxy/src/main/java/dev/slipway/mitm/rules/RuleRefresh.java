package dev.slipway.mitm.rules;

import dev.slipway.mitm.door.Doors;
import dev.slipway.mitm.inject.RuleBook;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for rules again: at once when something is known to have changed, and every minute for each project that has a door here. */
@Singleton
class RuleRefresh {
    private static final Logger LOG = LoggerFactory.getLogger(RuleRefresh.class);

    private final RuleBook rules;
    private final Doors doors;

    RuleRefresh(RuleBook rules, Doors doors) {
        this.rules = rules;
        this.doors = doors;
    }

    /** Asks for one project's rules, if it has a door here. */
    void project(String projectId) {
        if (doors.ofProject(projectId).isEmpty()) {
            rules.forget(projectId);
            return;
        }
        rules.refresh(projectId).exceptionally(failure -> {
            LOG.atWarn()
                    .addKeyValue("projectId", projectId)
                    .addKeyValue("reason", failure.getMessage())
                    .log("rules cannot be had; the known ones stay");
            return null;
        });
    }

    @Scheduled(fixedDelay = "60s", initialDelay = "60s")
    void all() {
        doors.projects().forEach(this::project);
    }
}
