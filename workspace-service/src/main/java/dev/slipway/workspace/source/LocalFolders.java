package dev.slipway.workspace.source;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.git.Git;
import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.git.WorkTree;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folders of this machine that may be workspaces: those whose real path, links resolved, lies under the allowlist and not in our own home. */
@Singleton
public class LocalFolders {
    /** A branch, or a commit by itself. */
    private static final Pattern HEAD = Pattern.compile("ref:\\s*refs/[^\\n]+\\n?|[0-9a-f]{40}([0-9a-f]{24})?\\n?");

    private static final long HEAD_BYTES_MAX = 255;
    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+\\z");
    private static final int STORES_MAX = 50;
    /** {@code objects/xx/…} and {@code objects/pack/…}. */
    private static final int OBJECT_DEPTH = 2;

    private static final int REFERENCE_DEPTH_MAX = 64;

    private final List<Path> allowed;
    /** Other projects' clones are in there, so nobody may name a path in it, even if the allowlist has it. */
    private final List<Path> own;

    private final Git git;

    LocalFolders(WorkspaceSettings settings, Git git) {
        this.allowed = settings.allowed();
        this.own = List.of(Path.of(settings.home()), Path.of(settings.cacheFolder()), Path.of(settings.folder()));
        this.git = git;
    }

    /** The real path of a folder that is there; 422 if it is none or not allowed. */
    public Path existing(String text) {
        Path path = parse(text);
        if (!Files.isDirectory(path)) {
            // Says the same whether it is missing or only out of bounds: what lies elsewhere is not told.
            throw nearestReal(path) == null
                    ? outside()
                    : ProblemException.unprocessable("path", "there is no such folder (expected: an existing folder)");
        }
        return real(path);
    }

    /**
     * The real path of a folder whose repository git may use as a remote; 422 if anything of it lies outside. A commit may bring what looks
     * like a repository into a work tree, with links to others.
     */
    public Path remote(String text) {
        Path folder = existing(text);
        try {
            boolean hasWorkTree = Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS);
            @Nullable Path gitDir = hasWorkTree ? gitDir(folder) : bare(folder);
            if (gitDir == null) {
                return folder;
            }
            mustHaveHead(gitDir);
            Path commonDir = commonDir(gitDir);
            mustHoldNoLinkOut(gitDir, 1);
            mustHoldNoLinkOut(commonDir, 1);
            for (String part : List.of("refs", "info", "reftable")) {
                mustHoldNoLinkOut(commonDir.resolve(part), REFERENCE_DEPTH_MAX);
            }
            for (Path store : stores(commonDir)) {
                mustHoldNoLinkOut(store, OBJECT_DEPTH);
            }
            return folder;
        } catch (IOException | InvalidPathException e) {
            throw ProblemException.unprocessable("path", "its repository cannot be opened: " + e.getMessage());
        }
    }

    /** Null where there is none; then none may be beside it either, which git would take instead. */
    private @Nullable Path bare(Path folder) throws IOException {
        if (!Files.exists(folder.resolve("HEAD"), LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(Path.of(folder + ".git"), LinkOption.NOFOLLOW_LINKS)) {
                throw ProblemException.unprocessable(
                        "path", "there is no repository in the folder, but one beside it (expected: its own path)");
            }
            return null;
        }
        mustBeAllowed(commonDir(folder));
        for (Path store : stores(commonDir(folder))) {
            mustBeAllowed(store);
        }
        return folder;
    }

    /** Git takes no folder for a repository without a HEAD that reads like one, and goes on to what lies beside it. */
    private static void mustHaveHead(Path gitDir) throws IOException {
        Path head = gitDir.resolve("HEAD");
        boolean isOne = Files.isRegularFile(head, LinkOption.NOFOLLOW_LINKS)
                && Files.size(head) <= HEAD_BYTES_MAX
                && HEAD.matcher(Files.readString(head)).matches();
        if (!isOne) {
            throw new IOException("its HEAD names no branch and no commit");
        }
    }

    private void mustHoldNoLinkOut(Path part, int depth) throws IOException {
        Files.walkFileTree(part, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                return visitFile(folder, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (Files.isSymbolicLink(file)) {
                    mustBeAllowed(file.toRealPath());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException reason) throws IOException {
                // Git may be tidying up in there at this moment.
                if (reason instanceof NoSuchFileException && !Files.isSymbolicLink(file)) {
                    return FileVisitResult.CONTINUE;
                }
                throw reason;
            }
        });
    }

    /** The real path of a folder that is there or can be made; 422 if it is a file or not allowed. */
    public Path usable(String text) {
        Path path = parse(text);
        if (Files.exists(path)) {
            return existing(text);
        }
        Path parent = nearestReal(path);
        if (parent == null) {
            throw outside();
        }
        return path.normalize();
    }

    /**
     * Opens a folder as a work tree; an empty or missing one becomes a repository with one commit. Doing it again changes
     * nothing.
     */
    public WorkTree open(Path folder, Person author) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw ProblemException.unprocessable("path", "the folder cannot be made: " + e.getMessage());
        }
        Path real = real(folder);
        if (!Files.exists(real.resolve(".git"))) {
            mustBeEmpty(real);
            git.in(real).run("init", "--quiet", "--initial-branch=main", "--template=", ".");
        }
        WorkTree tree = new WorkTree(git, real, gitDir(real));
        tree.beginIfEmpty(author);
        return tree;
    }

    /** The work tree of a folder that is one already. */
    public WorkTree reopen(Path folder) {
        Path real = real(folder);
        return new WorkTree(git, real, gitDir(real));
    }

    /** What is wrong with the folder as a workspace; null if nothing is. Changes nothing. */
    public @Nullable String faultOf(Path folder) {
        try {
            if (Files.exists(folder.resolve(".git"))) {
                gitDir(real(folder));
            } else if (Files.exists(folder)) {
                mustBeEmpty(folder);
            }
            return null;
        } catch (ProblemException e) {
            return e.getMessage();
        }
    }

    /** Folders whose path begins like this, at most ten, repositories told apart. */
    public List<Suggestion> suggestions(String beginning) {
        String expanded = expand(beginning.isEmpty() ? "~/" : beginning);
        int slash = expanded.lastIndexOf('/');
        if (slash < 0) {
            return List.of();
        }
        Path parent = nearestReal(parse(expanded.substring(0, slash + 1)));
        String start = expanded.substring(slash + 1);
        if (parent == null || !Files.isDirectory(Path.of(expanded.substring(0, slash + 1)))) {
            return List.of();
        }
        Path listed = Path.of(expanded.substring(0, slash + 1)).normalize();
        try (Stream<Path> entries = Files.list(listed)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(start))
                    .filter(entry -> start.startsWith(".")
                            || !entry.getFileName().toString().startsWith("."))
                    .filter(Files::isDirectory)
                    .limit(1_000)
                    .sorted()
                    .limit(10)
                    .map(entry -> new Suggestion(entry.toString(), "path", Files.exists(entry.resolve(".git"))))
                    .toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    /** A folder to choose; {@code valid} says that it is a repository. */
    @io.micronaut.serde.annotation.Serdeable
    public record Suggestion(String value, String type, boolean valid) {}

    /** Where the repository of a folder is; it too has to lie under the allowlist, whatever a {@code .git} file says. */
    private Path gitDir(Path folder) {
        Path dotGit = folder.resolve(".git");
        try {
            Path gitDir = dotGit.toRealPath();
            if (Files.isRegularFile(gitDir)) {
                String line = withoutLineEnds(gitDir);
                if (!line.startsWith("gitdir: ") || line.length() > 4_096) {
                    throw ProblemException.unprocessable(
                            "path", "its .git file cannot be read (expected: gitdir: <path>)");
                }
                gitDir = folder.resolve(line.substring("gitdir: ".length())).toRealPath();
            }
            mustBeAllowed(gitDir);
            mustBeAllowed(commonDir(gitDir));
            for (Path store : stores(commonDir(gitDir))) {
                mustBeAllowed(store);
            }
            return gitDir;
        } catch (IOException | InvalidPathException e) {
            throw ProblemException.unprocessable("path", "its repository cannot be opened: " + e.getMessage());
        }
    }

    private static Path commonDir(Path gitDir) throws IOException {
        Path file = gitDir.resolve("commondir");
        return Files.isRegularFile(file) ? gitDir.resolve(withoutLineEnds(file)).toRealPath() : gitDir;
    }

    /** As git reads a path from a file of its own: blanks at its end belong to it. */
    private static String withoutLineEnds(Path file) throws IOException {
        return LINE_ENDS.matcher(Files.readString(file)).replaceFirst("");
    }

    /** Its object store and those that it borrows from, and they from others: git would read them, wherever they are. */
    private static Set<Path> stores(Path commonDir) throws IOException {
        Set<Path> stores = new LinkedHashSet<>();
        addStores(commonDir.resolve("objects").toRealPath(), stores);
        return stores;
    }

    private static void addStores(Path store, Set<Path> stores) throws IOException {
        if (!stores.add(store)) {
            return;
        }
        if (stores.size() > STORES_MAX) {
            throw new IOException("it borrows from more than " + STORES_MAX + " others");
        }
        Path file = store.resolve("info/alternates");
        if (Files.isRegularFile(file)) {
            for (String line : Files.readString(file).split("\n")) {
                if (line.startsWith("\"")) {
                    throw new IOException("info/alternates has a line in quotes, which git reads in its own way");
                }
                if (!line.isEmpty() && !line.startsWith("#")) {
                    addStores(store.resolve(line).toRealPath(), stores);
                }
            }
        }
    }

    private static void mustBeEmpty(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            if (entries.findAny().isPresent()) {
                throw ProblemException.invalid(
                        "path",
                        "the folder is not empty and no git repository (expected: a repository, or an empty or new folder;"
                                + " run git init in it first)");
            }
        } catch (IOException e) {
            throw ProblemException.unprocessable("path", "the folder cannot be read: " + e.getMessage());
        }
    }

    private Path real(Path path) {
        try {
            Path real = path.toRealPath();
            mustBeAllowed(real);
            return real;
        } catch (IOException _) {
            throw ProblemException.unprocessable("path", "there is no such folder (expected: an existing folder)");
        }
    }

    /** The real path of the nearest ancestor that exists; null if it is not allowed. */
    private @Nullable Path nearestReal(Path path) {
        for (Path at = path.normalize(); at != null; at = at.getParent()) {
            if (Files.exists(at)) {
                try {
                    Path real = at.toRealPath();
                    return isAllowed(real) ? real : null;
                } catch (IOException _) {
                    return null;
                }
            }
        }
        return null;
    }

    private void mustBeAllowed(Path real) {
        if (!isAllowed(real)) {
            throw outside();
        }
    }

    private boolean isAllowed(Path real) {
        return isUnder(allowed, real) && !isUnder(own, real);
    }

    private static boolean isUnder(List<Path> roots, Path real) {
        return roots.stream().anyMatch(root -> {
            try {
                return Files.exists(root) && real.startsWith(root.toRealPath());
            } catch (IOException _) {
                return false;
            }
        });
    }

    private static ProblemException outside() {
        return ProblemException.unprocessable(
                "path", "outside of the folders that may be used (expected: a path under REPO_ALLOWLIST)");
    }

    private static Path parse(String text) {
        String expanded = expand(text);
        if (!expanded.startsWith("/") || expanded.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid("path", "not an absolute path (expected: /… or ~/…)");
        }
        if (Stream.of(expanded.split("/")).anyMatch(part -> part.equals("..") || part.equals(".git"))) {
            throw ProblemException.invalid("path", "has .. or .git in it (expected: a plain absolute path)");
        }
        return Path.of(expanded);
    }

    private static String expand(String text) {
        if (text.equals("~") || text.startsWith("~/")) {
            return System.getProperty("user.home") + text.substring(1);
        }
        return text;
    }
}
