package dev.slipway.workspace.registry;

import dev.slipway.workspace.git.WorkTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Limits a working clone to some folders, by git's cone patterns: the files of all parents, and everything below each folder. */
final class SparseCheckout {
    private SparseCheckout() {}

    static void configure(WorkTree tree, List<String> folders) {
        if (folders.isEmpty()) {
            return;
        }
        tree.command().run("config", "core.sparseCheckout", "true");
        tree.command().run("config", "core.sparseCheckoutCone", "true");
        try {
            Path info = Files.createDirectories(tree.gitDir().resolve("info"));
            Files.write(info.resolve("sparse-checkout"), patterns(folders));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the folders of " + tree.folder(), e);
        }
    }

    static Set<String> patterns(List<String> folders) {
        Set<String> patterns = new LinkedHashSet<>(List.of("/*", "!/*/"));
        for (String folder : folders) {
            for (int slash = folder.indexOf('/'); slash > 0; slash = folder.indexOf('/', slash + 1)) {
                String parent = "/" + escaped(folder.substring(0, slash));
                if (!patterns.contains(parent + "/")) {
                    patterns.add(parent + "/");
                    patterns.add("!" + parent + "/*/");
                }
            }
        }
        for (String folder : folders) {
            patterns.add("/" + escaped(folder) + "/");
            patterns.remove("!/" + escaped(folder) + "/*/");
        }
        return patterns;
    }

    private static String escaped(String folder) {
        return folder.replaceAll("([\\\\*?\\[])", "\\\\$1");
    }
}
