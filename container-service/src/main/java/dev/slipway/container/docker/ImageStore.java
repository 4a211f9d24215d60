package dev.slipway.container.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import dev.slipway.container.runtime.PullProgress;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Images on the engine: looking, fetching, and reading a file out of one. */
final class ImageStore {
    private static final long PULL_MINUTES_MAX = 15;

    private final EngineConnection engine;
    private final String home;

    ImageStore(EngineConnection engine, String home) {
        this.engine = engine;
        this.home = home;
    }

    Optional<SandboxImage> find(String reference) {
        return EngineCalls.find(
                        "look for the image " + reference,
                        () -> engine.get().requests().inspectImageCmd(reference).exec())
                .map(image -> new SandboxImage(reference, String.valueOf(image.getId())));
    }

    SandboxImage pull(String reference, Consumer<PullProgress> progress) {
        try {
            boolean complete = engine.get()
                    .streams()
                    .pullImageCmd(reference)
                    .exec(new Layers(progress))
                    .awaitCompletion(PULL_MINUTES_MAX, TimeUnit.MINUTES);
            if (!complete) {
                throw new SandboxFailure.TimeoutUnknown(
                        "Fetching the image " + reference + " took longer than " + PULL_MINUTES_MAX + " minutes.",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxFailure.TimeoutUnknown("Fetching the image " + reference + " was interrupted.", e);
        } catch (SandboxFailure e) {
            throw e;
        } catch (RuntimeException e) {
            throw new SandboxFailure.ImageUnavailable(
                    "The image " + reference + " cannot be fetched: " + e.getMessage(), e);
        }
        return find(reference)
                .orElseThrow(() -> new SandboxFailure.ImageUnavailable(
                        "The registry did not give the image " + reference + ".", null));
    }

    /** Reads from a container that is made for this and never started, so nothing of the image runs. */
    Optional<byte[]> read(SandboxImage image, String path) {
        DockerClient docker = engine.get().requests();
        String container = EngineCalls.call(
                "read from the image " + image.reference(),
                () -> docker.createContainerCmd(image.id())
                        .withNetworkDisabled(true)
                        .withEntrypoint("/never-started")
                        .withLabels(Map.of(Labels.HOME, home))
                        .exec()
                        .getId());
        try (InputStream archive =
                docker.copyArchiveFromContainerCmd(container, path).exec()) {
            return Optional.of(TarFile.onlyFile(archive));
        } catch (NotFoundException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new SandboxFailure.Unavailable("The image " + image.reference() + " could not be read.", e);
        } catch (RuntimeException e) {
            throw EngineCalls.translate("read from the image " + image.reference(), e);
        } finally {
            EngineCalls.settle(
                    "remove a container that was never started",
                    () -> docker.removeContainerCmd(container)
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        }
    }

    /** Adds up what the layers say. */
    private static final class Layers extends ResultCallback.Adapter<PullResponseItem> {
        private final Consumer<PullProgress> progress;
        private final Map<String, ResponseItem.ProgressDetail> byLayer = new HashMap<>();
        private int lastPercent = -1;

        Layers(Consumer<PullProgress> progress) {
            this.progress = progress;
        }

        @Override
        public void onNext(PullResponseItem item) {
            ResponseItem.ProgressDetail detail = item.getProgressDetail();
            if (item.getId() == null || detail == null || detail.getTotal() == null || detail.getCurrent() == null) {
                return;
            }
            byLayer.put(item.getId(), detail);
            long total = byLayer.values().stream()
                    .mapToLong(ResponseItem.ProgressDetail::getTotal)
                    .sum();
            long current = byLayer.values().stream()
                    .mapToLong(ResponseItem.ProgressDetail::getCurrent)
                    .sum();
            int percent = total == 0 ? 0 : (int) Math.min(100, current * 100 / total);
            if (percent > lastPercent) {
                lastPercent = percent;
                progress.accept(new PullProgress(percent, "pulling image, " + percent + " %"));
            }
        }
    }
}
