package dev.slipway.agent.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.http.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Lists, reads and writes files of the work tree. Paths are relative to it, with slashes. */
public final class WorkspaceFiles {
    /** What one answer carries at most, in bytes of the file. */
    public static final int FILE_BYTES_MAX = 10 << 20;

    private static final int ENTRIES_MAX = 10_000;
    private static final Set<PosixFilePermission> NEW_FILE = PosixFilePermissions.fromString("rw-r--r--");

    private final Path root;

    public WorkspaceFiles(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /**
     * The entries of a folder, folders first.
     *
     * @param hidden whether names that begin with a dot are shown
     */
    public ObjectNode list(String path, boolean hidden) throws IOException {
        Path folder = existing(path);
        if (!Files.isDirectory(folder)) {
            throw Problem.of(400, "This path is a file, not a folder.");
        }
        List<Path> children = new ArrayList<>();
        try (var all = Files.newDirectoryStream(folder)) {
            for (Path child : all) {
                String name = child.getFileName().toString();
                if (!isGitFolder(child) && (hidden || !name.startsWith(".")) && children.size() < ENTRIES_MAX) {
                    children.add(child);
                }
            }
        } catch (AccessDeniedException _) {
            throw Problem.of(403, "Permission denied");
        }
        children.sort(Comparator.comparing((Path child) -> !Files.isDirectory(child))
                .thenComparing(child -> child.getFileName().toString()));
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("path", path.isEmpty() ? "." : path);
        ArrayNode entries = answer.putArray("entries");
        for (Path child : children) {
            ObjectNode entry =
                    entries.addObject().put("name", child.getFileName().toString());
            BasicFileAttributes attributes =
                    Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (Files.isDirectory(child)) {
                entry.put("type", "directory");
            } else {
                entry.put("type", "file").put("size", attributes.size());
            }
        }
        return answer;
    }

    /** A folder's real place; empty text is the root. */
    public Path folder(String path) throws IOException {
        Path folder = existing(path);
        if (!Files.isDirectory(folder)) {
            throw Problem.of(400, "This path is a file, not a folder.");
        }
        return folder;
    }

    /** The path as git knows it: relative, normalised, inside. */
    public String tracked(String path) {
        return root.relativize(lexical(path)).toString();
    }

    /** Removes a file, or a folder with all in it. A link is removed and not followed. */
    public ObjectNode delete(String path) throws IOException {
        Path target = itself(path);
        boolean folder = Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS);
        try {
            FileTree.delete(target);
        } catch (AccessDeniedException _) {
            throw Problem.of(403, "Permission denied");
        }
        return JsonNodeFactory.instance.objectNode().put("path", path).put("type", folder ? "directory" : "file");
    }

    /** Gives a file or folder another place, which must be free; folders above it are made. */
    public ObjectNode rename(String oldPath, String newPath) throws IOException {
        Path from = itself(oldPath);
        Path to = toBeWritten(newPath);
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw Problem.of(409, "There is something at newPath already.");
        }
        if (to.startsWith(from)) {
            throw Problem.of(400, "A folder cannot be moved into itself.");
        }
        try {
            Files.createDirectories(parentOf(to));
            Files.move(from, to);
        } catch (AccessDeniedException _) {
            throw Problem.of(403, "Permission denied");
        }
        return JsonNodeFactory.instance.objectNode().put("oldPath", oldPath).put("newPath", newPath);
    }

    /** The content of a file: as text if it is UTF-8, else in base64. */
    public ObjectNode read(String path) throws IOException {
        Path file = existing(path);
        if (Files.isDirectory(file)) {
            throw Problem.of(400, "This path is a folder, not a file.");
        }
        if (!Files.isRegularFile(file)) {
            throw Problem.of(400, "This path is no regular file.");
        }
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            // Not by its size: it may grow while it is read.
            bytes = in.readNBytes(FILE_BYTES_MAX + 1);
        } catch (AccessDeniedException _) {
            throw Problem.of(403, "Permission denied");
        }
        if (bytes.length > FILE_BYTES_MAX) {
            throw Problem.of(413, "The file is larger than " + FILE_BYTES_MAX + " bytes.");
        }
        return content(path, bytes);
    }

    /** An answer that carries those bytes. */
    static ObjectNode content(String path, byte[] bytes) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("path", path);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            answer.put("content", text).put("encoding", "utf8");
        } catch (CharacterCodingException _) {
            answer.put("content", Base64.getEncoder().encodeToString(bytes)).put("encoding", "base64");
        }
        return answer.put("size", bytes.length);
    }

    /**
     * Replaces a file as a whole, or makes it with the folders above it.
     *
     * @param encoding utf8 or base64
     */
    public ObjectNode write(String path, String content, String encoding) throws IOException {
        Path file = toBeWritten(path);
        byte[] bytes = switch (encoding) {
            case "utf8", "" -> content.getBytes(StandardCharsets.UTF_8);
            case "base64" -> decodeBase64(content);
            default -> throw Problem.of(400, "encoding is neither utf8 nor base64.");
        };
        if (bytes.length > FILE_BYTES_MAX) {
            throw Problem.of(413, "The content is larger than " + FILE_BYTES_MAX + " bytes.");
        }
        Path next = file.resolveSibling(".slipway-" + Long.toHexString(System.nanoTime()) + ".tmp");
        try {
            Files.createDirectories(parentOf(file));
            Set<PosixFilePermission> permissions = Files.exists(file) ? Files.getPosixFilePermissions(file) : NEW_FILE;
            Files.write(next, bytes);
            Files.setPosixFilePermissions(next, permissions);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AccessDeniedException _) {
            throw Problem.of(403, "Permission denied");
        } finally {
            Files.deleteIfExists(next);
        }
        return JsonNodeFactory.instance.objectNode().put("path", path).put("size", bytes.length);
    }

    private static byte[] decodeBase64(String content) {
        try {
            return Base64.getDecoder().decode(content);
        } catch (IllegalArgumentException _) {
            throw Problem.of(400, "content is not base64.");
        }
    }

    /** The place of something that is there, which may be a link; the folders above it are real and inside. */
    private Path itself(String path) throws IOException {
        Path inside = lexical(path);
        if (inside.equals(root)) {
            throw Problem.of(400, "path is missing.");
        }
        try {
            Path real = contained(parentOf(inside).toRealPath().resolve(inside.getFileName()));
            if (!Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
                throw Problem.of(404, "There is nothing at this path.");
            }
            return real;
        } catch (NoSuchFileException _) {
            throw Problem.of(404, "There is nothing at this path.");
        }
    }

    /** The real place of something that is there. Links are followed as long as they stay inside. */
    private Path existing(String path) throws IOException {
        Path inside = lexical(path);
        try {
            return contained(inside.toRealPath());
        } catch (NoSuchFileException _) {
            throw Problem.of(404, "There is nothing at this path.");
        } catch (AccessDeniedException _) {
            throw Problem.of(403, "Permission denied");
        }
    }

    /** The real place that a file is to have: links in the folders above it must stay inside, itself it must be none. */
    private Path toBeWritten(String path) throws IOException {
        Path target = lexical(path);
        if (target.equals(root)) {
            throw Problem.of(400, "path is missing.");
        }
        Path parent = parentOf(target);
        while (!Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
            parent = parentOf(parent);
        }
        Path realParent;
        try {
            realParent = contained(parent.toRealPath());
        } catch (NoSuchFileException _) {
            throw Problem.of(400, "Invalid path");
        }
        if (!Files.isDirectory(realParent)) {
            throw Problem.of(400, "A part of this path is a file.");
        }
        Path real = contained(realParent.resolve(parent.relativize(target)));
        if (Files.isSymbolicLink(real) || Files.isDirectory(real)) {
            throw Problem.of(400, "This path is no regular file.");
        }
        return real;
    }

    private Path parentOf(Path path) {
        Path parent = path.getParent();
        return parent == null ? root : parent;
    }

    private Path lexical(String path) {
        try {
            Path relative = Path.of(path);
            if (relative.isAbsolute()) {
                throw Problem.of(400, "Invalid path");
            }
            for (Path part : relative) {
                if (part.toString().equals("..")) {
                    throw Problem.of(400, "Invalid path");
                }
            }
            return contained(root.resolve(relative).normalize());
        } catch (InvalidPathException _) {
            throw Problem.of(400, "Invalid path");
        }
    }

    private Path contained(Path path) {
        Path realRoot;
        try {
            realRoot = root.toRealPath();
        } catch (IOException _) {
            throw Problem.retryLater("The session's files are not here yet.");
        }
        Path base = path.startsWith(root) ? root : realRoot;
        if (!path.startsWith(base)) {
            throw Problem.of(400, "Invalid path");
        }
        Path relative = base.relativize(path);
        if (isGitFolder(relative.getName(0))) {
            throw Problem.of(400, "Invalid path");
        }
        return path;
    }

    /** In any case, for file systems that do not tell them apart. */
    private static boolean isGitFolder(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().equalsIgnoreCase(".git");
    }
}
