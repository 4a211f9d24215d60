package dev.slipway.workspace.registry;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.git.GitOutput;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.source.RemoteUrl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code .gitmodules} of what is checked out; only names, paths and addresses, all as data. */
final class Submodules {
    private static final int COUNT_MAX = 200;

    private Submodules() {}

    record Submodule(String name, String path, String url) {}

    static List<Submodule> of(WorkTree tree) {
        GitOutput output = tree.command().attempt("config", "--blob", "HEAD:.gitmodules", "--list", "-z");
        if (!output.ok()) {
            return List.of();
        }
        Map<String, String> paths = new LinkedHashMap<>();
        Map<String, String> urls = new LinkedHashMap<>();
        for (String entry : output.fields()) {
            int line = entry.indexOf('\n');
            String key = line < 0 ? entry : entry.substring(0, line);
            String value = line < 0 ? "" : entry.substring(line + 1);
            int dot = key.lastIndexOf('.');
            if (key.startsWith("submodule.") && dot > "submodule.".length()) {
                String name = key.substring("submodule.".length(), dot);
                switch (key.substring(dot + 1)) {
                    case "path" -> paths.put(name, value);
                    case "url" -> urls.put(name, value);
                    default -> {
                        // How a submodule is updated is ours to say, not the repository's.
                    }
                }
            }
        }
        List<Submodule> found = new ArrayList<>();
        paths.forEach((name, path) -> {
            String url = urls.get(name);
            if (url != null) {
                found.add(new Submodule(checked(name), path, url));
            }
        });
        if (found.size() > COUNT_MAX) {
            throw ProblemException.unprocessable(
                    "submodules", found.size() + " submodules (expected: at most " + COUNT_MAX + ")");
        }
        return found;
    }

    /** An address that begins with a dot counts from the repository's own. */
    static String resolve(String url, RemoteUrl parent) {
        if (!url.startsWith("./") && !url.startsWith("../")) {
            return url;
        }
        String base = parent.text();
        String rest = url;
        while (rest.startsWith("./") || rest.startsWith("../")) {
            if (rest.startsWith("../")) {
                int cut = Math.max(base.lastIndexOf('/'), parent.text().contains("://") ? -1 : base.lastIndexOf(':'));
                if (cut < base.indexOf("://") + 3) {
                    throw ProblemException.unprocessable("submodules", "an address leads above its host");
                }
                base = base.substring(0, cut);
                rest = rest.substring(3);
            } else {
                rest = rest.substring(2);
            }
        }
        return base + "/" + rest;
    }

    private static String checked(String name) {
        boolean odd = name.isEmpty()
                || name.length() > 500
                || name.startsWith("-")
                || name.startsWith("/")
                || name.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\')
                || ("/" + name + "/").contains("/../");
        if (odd) {
            throw ProblemException.unprocessable("submodules", "an odd name (expected: a plain one)");
        }
        return name;
    }
}
