package dev.slipway.workspace.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Tells repositories that JGit reads quicker than a new process starts from those that are git's own business. */
final class Plain {
    /** About 130,000 objects: JGit reads a pack's index whole, so larger ones would cost time and memory. */
    private static final long INDEX_BYTES_MAX = 4L << 20;

    private Plain() {}

    static boolean isPlain(Path gitDir) {
        try {
            boolean isOdd = Files.exists(gitDir.resolve("commondir"))
                    || Files.exists(gitDir.resolve("shallow"))
                    || Files.exists(gitDir.resolve("info/grafts"))
                    || Files.exists(gitDir.resolve("reftable"))
                    || !Files.isDirectory(gitDir.resolve("objects"));
            return !isOdd && indexBytes(gitDir.resolve("objects")) <= INDEX_BYTES_MAX;
        } catch (IOException _) {
            return false;
        }
    }

    private static long indexBytes(Path objects) throws IOException {
        List<Path> stores = new ArrayList<>(List.of(objects));
        Path borrowed = objects.resolve("info/alternates");
        if (Files.isRegularFile(borrowed)) {
            for (String line : Files.readAllLines(borrowed)) {
                stores.add(objects.resolve(line.strip()));
            }
        }
        long bytes = 0;
        for (Path store : stores) {
            Path packs = store.resolve("pack");
            if (Files.isDirectory(packs)) {
                try (Stream<Path> files = Files.list(packs)) {
                    bytes += files.filter(file -> file.toString().endsWith(".idx"))
                            .mapToLong(file -> file.toFile().length())
                            .sum();
                }
            }
        }
        return bytes;
    }
}
