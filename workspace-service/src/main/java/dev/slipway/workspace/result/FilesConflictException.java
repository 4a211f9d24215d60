package dev.slipway.workspace.result;

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
