package dev.slipway.workspace.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packs that a git began and did not end: one that is refused or killed leaves them, as large as they had become, and no later git
 * looks at them.
 */
public final class HalfPacks {
    private static final Logger LOG = LoggerFactory.getLogger(HalfPacks.class);

    private HalfPacks() {}

    /** Removes them from a repository; nobody else may fetch into it or repack it meanwhile, since that looks the same. */
    public static void remove(Path repository) {
        Fence.check();
        Path packs = repository.resolve("objects/pack");
        if (!Files.isDirectory(packs)) {
            return;
        }
        try (DirectoryStream<Path> halves = Files.newDirectoryStream(packs, "{tmp_,.tmp-}*")) {
            for (Path half : halves) {
                LOG.atInfo().addKeyValue("file", half).log("half a pack removed");
                Files.deleteIfExists(half);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("half packs in " + packs, e);
        }
    }
}
