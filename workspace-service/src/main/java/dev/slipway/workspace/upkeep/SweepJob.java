package dev.slipway.workspace.upkeep;

import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.kit.job.RetryLaterException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.git.StaleLock;
import dev.slipway.workspace.registry.Folders;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.registry.WorkspaceStore;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through all caches when the service starts and then every few hours: has those repacked that are due, and removes caches that
 * belong to no repository (a crash between the table and the disk leaves them), half-made ones, and what processes
 * that are long dead left in the others: locks, and what was pushed and never let in.
 */
@Singleton
public class SweepJob implements JobHandler, ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(SweepJob.class);
    private static final String KIND = "caches.sweep";
    private static final String ALL = "all";
    private static final Duration EVERY = Duration.ofHours(6);
    private static final Duration OLD = Duration.ofHours(1);
    private static final int DUE_MAX = 1_000;

    private final WorkspaceStore store;
    private final Repositories repositories;
    private final JobQueue jobs;
    private final WorkspaceSettings settings;

    SweepJob(WorkspaceStore store, Repositories repositories, JobQueue jobs, WorkspaceSettings settings) {
        this.store = store;
        this.repositories = repositories;
        this.jobs = jobs;
        this.settings = settings;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    @Transactional
    public void onApplicationEvent(ServerStartupEvent event) {
        jobs.add(KIND, ALL, "{}");
    }

    @Override
    public void run(Job job) throws IOException {
        removeOrphans();
        haveRepacked();
        throw new RetryLaterException(EVERY);
    }

    /** Queues what is due; each repository once, however often it is queued. */
    @Transactional
    void haveRepacked() {
        if (!settings.maintenanceInterval().isZero()) {
            store.neglected(settings.maintenanceInterval().toSeconds(), DUE_MAX)
                    .forEach(source -> jobs.add(RepackJob.KIND, source.id(), "{}"));
        }
    }

    private void removeOrphans() throws IOException {
        for (Path project : folders(repositories.cacheRoot())) {
            for (Path folder : folders(project)) {
                String name = folder.getFileName().toString();
                if (name.endsWith(".git")) {
                    removeQuarantines(folder);
                }
                if (!name.contains(".git") || !isOld(folder)) {
                    continue;
                }
                String repositoryId = name.substring(0, name.indexOf(".git"));
                if (!store.isRepositoryKnown(repositoryId)) {
                    repositories.aloneOnCache(repositoryId, () -> {
                        Folders.remove(project.resolve(repositoryId + ".git"));
                        return folder;
                    });
                    LOG.atInfo().addKeyValue("repositoryId", repositoryId).log("cache without a repository removed");
                } else if (name.endsWith(".git")) {
                    removeLocks(folder);
                }
            }
        }
    }

    private static void removeLocks(Path cache) throws IOException {
        StaleLock.sweep(cache, "packed-refs.lock", "HEAD.lock", "config.lock", "shallow.lock");
        Path refs = cache.resolve("refs");
        if (Files.isDirectory(refs)) {
            try (Stream<Path> files = Files.walk(refs)) {
                files.filter(file -> file.toString().endsWith(".lock"))
                        .forEach(file -> StaleLock.remove(file, StaleLock.OLD));
            }
        }
    }

    /** Where git keeps what is pushed until it is let in; older than a push may take, its pusher is dead. */
    private static void removeQuarantines(Path cache) throws IOException {
        Path objects = cache.resolve("objects");
        if (!Files.isDirectory(objects)) {
            return;
        }
        try (DirectoryStream<Path> quarantines = Files.newDirectoryStream(objects, "tmp_objdir-*")) {
            for (Path quarantine : quarantines) {
                removeIfOld(quarantine);
            }
        }
    }

    private static void removeIfOld(Path quarantine) throws IOException {
        try {
            if (isOld(quarantine)) {
                Folders.delete(quarantine);
            }
        } catch (NoSuchFileException _) {
            // Its push has just come to its end.
            return;
        }
    }

    private static boolean isOld(Path folder) throws IOException {
        return Files.getLastModifiedTime(folder).toInstant().plus(OLD).isBefore(Instant.now());
    }

    private static List<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .toList();
        }
    }
}
