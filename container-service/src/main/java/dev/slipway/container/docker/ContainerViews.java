package dev.slipway.container.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.slipway.container.runtime.Adoptions;
import dev.slipway.container.runtime.Adoptions.Adoption;
import dev.slipway.container.runtime.Sandbox;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Reads what the engine says of a container. */
final class ContainerViews {
    private final String home;
    private final Adoptions adoptions;

    ContainerViews(String home, Adoptions adoptions) {
        this.home = home;
        this.adoptions = adoptions;
    }

    /**
     * @param endedByMemory asked of a container that has ended and in which memory ran out at some time
     * @throws SandboxFailure.Conflict if the container is not of this Slipway
     */
    Sandbox of(InspectContainerResponse container, BooleanSupplier endedByMemory) {
        Map<String, String> labels = container.getConfig().getLabels();
        if (labels == null || !home.equals(labels.get(Labels.HOME)) || !labels.containsKey(Labels.SESSION)) {
            throw new SandboxFailure.Conflict(
                    "The container " + container.getName()
                            + " has the name of a sandbox and is not of this Slipway. Remove it to go on.",
                    null);
        }
        String made = labels.getOrDefault(Labels.SESSION, "");
        Optional<Adoption> adoption = new SandboxName(made).isWarm() ? adoptions.ofWarm(made) : Optional.empty();
        return new Sandbox(
                adoption.map(Adoption::sessionId).orElse(made),
                adoption.map(Adoption::projectId).orElse(labels.getOrDefault(Labels.PROJECT, "")),
                adoption.map(Adoption::generation)
                        .orElseGet(() -> Long.parseLong(labels.getOrDefault(Labels.GENERATION, "0"))),
                container.getId(),
                String.valueOf(container.getImageId()),
                Instant.parse(container.getCreated()),
                state(container.getState(), endedByMemory));
    }

    private static Sandbox.State state(ContainerState state, BooleanSupplier endedByMemory) {
        if (Boolean.TRUE.equals(state.getRunning()) || Boolean.TRUE.equals(state.getPaused())) {
            return new Sandbox.State.Running();
        }
        String status = String.valueOf(state.getStatus());
        if (status.equals("created") || status.equals("configured") || status.equals("initialized")) {
            return new Sandbox.State.Created();
        }
        Long exitCode = state.getExitCodeLong();
        return new Sandbox.State.Exited(
                exitCode == null ? -1 : exitCode.intValue(),
                Boolean.TRUE.equals(state.getOOMKilled()) && endedByMemory.getAsBoolean());
    }
}
