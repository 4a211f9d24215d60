package dev.slipway.workspace.operations;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.git.GitOutput;
import dev.slipway.workspace.git.Revision;
import dev.slipway.workspace.git.TreePath;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.operations.GitViews.Content;
import dev.slipway.workspace.operations.GitViews.Entry;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files of a workspace, as they lie in the folder or as they were at a commit. A link is never followed out of the folder. */
final class WorkTreeFiles {
    private static final int CONTENT_MAX = 10 << 20;
    private static final int ENTRIES_MAX = 100_000;

    private WorkTreeFiles() {}

    static List<Entry> list(WorkTree tree, TreePath folder, @Nullable Revision at) {
        return at == null ? listFolder(tree, folder) : listTree(tree, folder, tree.need(at));
    }

    static Content read(WorkTree tree, TreePath path, @Nullable Revision at) {
        byte[] bytes = at == null ? readFile(tree, path) : readBlob(tree, path, tree.need(at));
        @Nullable String text = text(bytes);
        String ref = at == null ? null : at.text();
        return text == null
                ? new Content(path.text(), ref, Base64.getEncoder().encodeToString(bytes), "base64", bytes.length)
                : new Content(path.text(), ref, text, "utf8", bytes.length);
    }

    static void write(WorkTree tree, TreePath path, String content, @Nullable String encoding) {
        byte[] bytes = decode(content, encoding);
        Path file = tree.folder().resolve(path.text());
        try {
            Path parent = inside(tree, makeFolders(tree, path));
            Path place = parent.resolve(path.name());
            if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(place)) {
                throw ProblemException.invalid("path", "a folder or a link (expected: a file)");
            }
            Path staging = Files.createTempFile(parent, ".slipway-", ".new");
            try {
                Files.write(staging, bytes);
                Files.setPosixFilePermissions(
                        staging,
                        Files.exists(place)
                                ? Files.getPosixFilePermissions(place, LinkOption.NOFOLLOW_LINKS)
                                : java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
                Files.move(staging, place, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(staging);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Folders are made one by one, each looked at first: one of them may be a link to somewhere else. */
    private static Path makeFolders(WorkTree tree, TreePath path) throws IOException {
        Path at = tree.folder();
        String[] parts = path.text().split("/");
        for (int index = 0; index < parts.length - 1; index++) {
            at = inside(tree, at).resolve(parts[index]);
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(at);
            } else if (!Files.isDirectory(at)) {
                throw ProblemException.invalid("path", "goes through a file (expected: folders)");
            }
        }
        return at;
    }

    /** The real path, if it is in the folder and not in its repository. */
    private static Path inside(WorkTree tree, Path path) throws IOException {
        Path real = path.toRealPath();
        if (!real.startsWith(tree.folder()) || real.startsWith(tree.folder().resolve(".git"))) {
            throw ProblemException.invalid("path", "leads out of the workspace by a link (expected: a path in it)");
        }
        return real;
    }

    private static byte[] readFile(WorkTree tree, TreePath path) {
        Path file = tree.folder().resolve(path.text());
        try {
            if (!Files.exists(file)) {
                throw ProblemException.notFound("file");
            }
            Path real = inside(tree, file);
            if (!Files.isRegularFile(real)) {
                throw ProblemException.invalid("path", "no file (expected: a regular file)");
            }
            try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
                return limited(in.readNBytes(CONTENT_MAX + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static byte[] readBlob(WorkTree tree, TreePath path, String commit) {
        GitOutput output =
                tree.command().outputMax(CONTENT_MAX + 1L).attempt("cat-file", "blob", commit + ":" + path.text());
        if (!output.ok()) {
            throw ProblemException.notFound("file");
        }
        return limited(output.bytes());
    }

    private static byte[] limited(byte[] bytes) {
        if (bytes.length > CONTENT_MAX) {
            throw ProblemException.of(
                    HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                    "too-large",
                    "The file is larger than 10 MiB. Clone the workspace to read it.");
        }
        return bytes;
    }

    private static List<Entry> listFolder(WorkTree tree, TreePath folder) {
        Path place = tree.folder().resolve(folder.text());
        if (!Files.isDirectory(place)) {
            throw ProblemException.notFound("folder");
        }
        try (Stream<Path> entries = Files.list(inside(tree, place))) {
            return entries.limit(ENTRIES_MAX)
                    .filter(entry -> !entry.getFileName()
                            .toString()
                            .toLowerCase(Locale.ROOT)
                            .equals(".git"))
                    .map(entry -> entry(folder, entry))
                    .sorted(java.util.Comparator.comparing(Entry::name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + place, e);
        }
    }

    private static Entry entry(TreePath folder, Path entry) {
        String name = entry.getFileName().toString();
        String path = folder.text().isEmpty() ? name : folder.text() + "/" + name;
        boolean isLink = Files.isSymbolicLink(entry);
        boolean isDir = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
        String mode = isLink ? "120000" : isDir ? "040000" : Files.isExecutable(entry) ? "100755" : "100644";
        return new Entry(path, name, isDir, isDir ? null : entry.toFile().length(), mode);
    }

    private static List<Entry> listTree(WorkTree tree, TreePath folder, String commit) {
        GitOutput output = tree.command().attempt("ls-tree", "-z", "-l", commit + ":" + folder.text());
        if (!output.ok()) {
            throw ProblemException.notFound("folder");
        }
        List<Entry> entries = new ArrayList<>();
        for (String line : output.fields()) {
            int tab = line.indexOf('\t');
            String[] words = line.substring(0, tab).trim().split(" +");
            String name = line.substring(tab + 1);
            boolean isDir = words[1].equals("tree");
            entries.add(new Entry(
                    folder.text().isEmpty() ? name : folder.text() + "/" + name,
                    name,
                    isDir,
                    words[3].equals("-") ? null : Long.valueOf(words[3]),
                    words[0]));
        }
        entries.sort(java.util.Comparator.comparing(Entry::name));
        return entries;
    }

    private static byte[] decode(String content, @Nullable String encoding) {
        return switch (encoding == null ? "utf8" : encoding) {
            case "utf8" -> content.getBytes(StandardCharsets.UTF_8);
            case "base64" -> {
                try {
                    yield Base64.getDecoder().decode(content);
                } catch (IllegalArgumentException _) {
                    throw ProblemException.invalid("content", "not base64 (expected: base64, as encoding says)");
                }
            }
            default -> throw ProblemException.invalid("encoding", "unknown (expected: utf8 or base64)");
        };
    }

    /** The text, or null if the bytes are none: not UTF-8, or with a NUL. */
    private static @Nullable String text(byte[] bytes) {
        for (byte one : bytes) {
            if (one == 0) {
                return null;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }
}
