package dev.slipway.workspace.result;

import java.util.List;

/** Files in a sentence. */
final class Names {
    private static final int SHOWN_MAX = 20;

    private Names() {}

    static String of(List<String> files) {
        String shown = String.join(", ", files.subList(0, Math.min(SHOWN_MAX, files.size())));
        return files.size() > SHOWN_MAX ? shown + " and " + (files.size() - SHOWN_MAX) + " more" : shown;
    }
}
