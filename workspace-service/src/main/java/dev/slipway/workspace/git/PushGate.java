package dev.slipway.workspace.git;

import dev.slipway.workspace.WorkspaceSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Looks at what is pushed while it is still in quarantine (git-receive-pack(1)): a pack of some kilobytes can unfold to files of any
 * size and number. What is refused here has never been in the repository, and the pusher is told why.
 */
final class PushGate {
    private static final String SCRIPT = """
            #!/bin/sh
            # Refuses what would unfold to more than the service lets into a repository. Made by workspace-service at its start.
            refuse() {
                echo "slipway: $1. Nothing was changed." >&2
                exit 1
            }
            # The quarantine alone, whatever refers to it: all that came.
            large=$({ env -u GIT_ALTERNATE_OBJECT_DIRECTORIES git cat-file --batch-all-objects --unordered \\
                --batch-check='%(objectsize) %(objectname)' && echo :end; } |
                awk -v most="$SLIPWAY_OBJECT_BYTES_MAX" '
                    $1 + 0 > most + 0 { found = 1; print $1; exit }
                    { last = $0 }
                    END { if (!found && last != ":end") print "unknown" }')
            [ "$large" != unknown ] || refuse "it cannot be told how large the files are. Push again"
            [ -z "$large" ] ||
                refuse "a file of $large bytes is too large (at most $SLIPWAY_OBJECT_BYTES_MAX). Leave it out of the commits, or use Git LFS"
            while read -r old new ref; do
                case $new in *[!0]*) ;; *) continue ;; esac
                # A git that did not come to its end has not counted all.
                { git ls-tree -r -l "$new" && echo :end; } |
                    awk -v most="$SLIPWAY_TREE_FILES_MAX" -v bytesmost="$SLIPWAY_TREE_BYTES_MAX" -v longest=4200 '
                        length($0) > longest { verdict = 3; exit }
                        { last = $0; bytes += $4 }
                        bytes > bytesmost + 0 { verdict = 4; exit }
                        NR > most && last != ":end" { verdict = 2; exit }
                        END { exit verdict ? verdict : last == ":end" ? 0 : 3 }'
                case $? in
                    0) ;;
                    2) refuse "a commit has more than $SLIPWAY_TREE_FILES_MAX files. Leave generated files out of it" ;;
                    4) refuse "the files of a commit are larger than $SLIPWAY_TREE_BYTES_MAX bytes together. Leave generated files out of it" ;;
                    *) refuse "a commit has folders that cannot be read, or too deep ones" ;;
                esac
            done
            """;

    private PushGate() {}

    /** Writes the hook; the folder that it is in. */
    static Path write(Path folder) {
        try {
            Files.createDirectories(folder);
            Path staging = Files.createTempFile(folder, "pre-receive", ".new");
            Files.writeString(staging, SCRIPT);
            Files.setPosixFilePermissions(staging, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(staging, folder.resolve("pre-receive"), StandardCopyOption.ATOMIC_MOVE);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write git's hook in " + folder, e);
        }
    }

    static GitCommand before(GitCommand command, Path folder, WorkspaceSettings settings) {
        return command.config("core.hooksPath", folder.toString())
                .with("SLIPWAY_OBJECT_BYTES_MAX", Long.toString(settings.objectBytesMax()))
                .with("SLIPWAY_TREE_FILES_MAX", Long.toString(settings.treeFilesMax()))
                .with("SLIPWAY_TREE_BYTES_MAX", Long.toString(settings.treeBytesMax()))
                .ceiling(new Ceiling(settings.gitMemoryMax(), 0));
    }
}
