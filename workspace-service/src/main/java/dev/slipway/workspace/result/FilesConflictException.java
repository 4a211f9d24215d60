package dev.slipway.workspace.result;

import dev.slipway.workspace.git.Cache;
import java.util.List;

/** Work that cannot be brought in because of these files. Nothing was changed. */
final class FilesConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final transient List<String> files;
    private final String reason;

    FilesConflictException(String kind, String detail, String reason, List<String> files) {
        super(detail);
        this.kind = kind;
        this.reason = reason;
        this.files = List.copyOf(files);
    }

    /** Throws if a join has conflicts. */
    static void unlessClean(Cache.Merge merge) {
        if (!merge.clean()) {
            throw new FilesConflictException(
                    "conflict",
                    "Both sides changed the same lines of: " + Names.of(merge.conflicts())
                            + ". Nothing was changed. Rebase the session, or choose other files.",
                    "changed on both sides",
                    merge.conflicts());
        }
    }

    String kind() {
        return kind;
    }

    /** What is the matter with each file. */
    String reason() {
        return reason;
    }

    List<String> files() {
        return files;
    }
}
