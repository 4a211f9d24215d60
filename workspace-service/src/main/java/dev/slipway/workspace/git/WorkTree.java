package dev.slipway.workspace.git;

import dev.slipway.kit.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A folder that a user works in, with its repository.
 *
 * @param folder the root of the files, real path
 * @param gitDir the repository, real path
 * @param lfs whether files in Git LFS are files here and not pointers; only in clones of ours, whose configuration is ours too
 */
public record WorkTree(Git git, Path folder, Path gitDir, boolean lfs) {
    /** A folder without large files. */
    public WorkTree(Git git, Path folder, Path gitDir) {
        this(git, folder, gitDir, false);
    }

    /** A command on it. */
    public GitCommand command() {
        GitCommand command = git.on(gitDir, folder);
        // Checking out leaves pointers; the files are brought afterwards, by the way that the remote is reached.
        return lfs
                ? command.config("filter.lfs.clean", "git-lfs clean -- %f")
                        .config("filter.lfs.smudge", "git-lfs smudge --skip -- %f")
                        .config("filter.lfs.process", "git-lfs filter-process --skip")
                        .config("filter.lfs.required", "true")
                : command;
    }

    /** The commit that is checked out; empty before the first one. */
    public Optional<String> head() {
        return commit("HEAD");
    }

    /** The commit that a name stands for. */
    public Optional<String> commit(String name) {
        return Commits.resolve(git.on(gitDir), name + "^{commit}");
    }

    /** The commit that a caller names; 404 if there is none. */
    public String need(Revision revision) {
        return commit(revision.text())
                .orElseThrow(() -> ProblemException.of(
                        io.micronaut.http.HttpStatus.NOT_FOUND,
                        "unknown-revision",
                        "There is no commit \"" + revision + "\" in this workspace. Fetch first, or choose another."));
    }

    /** The branch that is checked out; empty if a bare commit is. */
    public Optional<BranchName> branch() {
        GitOutput output = git.on(gitDir).attempt("symbolic-ref", "--quiet", "HEAD");
        String name = output.line();
        return output.ok() && name.startsWith("refs/heads/")
                ? Optional.of(new BranchName(name.substring("refs/heads/".length())))
                : Optional.empty();
    }

    /** The name under which writers of this folder keep apart; the same for every workspace on it. */
    public String lock() {
        return "worktree:" + UUID.nameUUIDFromBytes(folder.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether another folder of the same repository has this branch checked out, so that moving it would surprise there. */
    public boolean isCheckedOutElsewhere(BranchName name) {
        return git.on(gitDir)
                .run("worktree", "list", "--porcelain")
                .text()
                .lines()
                .anyMatch(("branch " + name.reference())::equals);
    }

    /** Whether a merge, rebase or the like was begun here and not ended. */
    public boolean isAmidAnOperation() {
        return List.of("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply").stream()
                .anyMatch(name -> Files.exists(gitDir.resolve(name)));
    }

    /** Makes an empty first commit in a repository that has none, since a session needs something to start from. */
    public void beginIfEmpty(Person author) {
        GitCommand plain = git.on(gitDir);
        if (head().isPresent()
                || !plain.run("for-each-ref", "--count=1", "--format=%(refname)", "refs/heads")
                        .line()
                        .isEmpty()) {
            return;
        }
        String tree = plain.input("")
                .run("hash-object", "-t", "tree", "-w", "--stdin")
                .line();
        String commit = author.signing(plain)
                .input("Initial commit\n")
                .run("commit-tree", tree, "-F", "-")
                .line();
        Person.SLIPWAY.signing(plain).run("update-ref", "-m", "initial", "HEAD", commit, "0".repeat(40));
    }

    /** Which of these paths have changes that are in no commit, new files included. */
    public List<String> uncommittedAmong(List<String> paths) {
        List<String> dirty = new ArrayList<>();
        for (int from = 0; from < paths.size(); from += 500) {
            List<String> arguments = new ArrayList<>(List.of(
                    "status",
                    "--porcelain",
                    "-z",
                    "--untracked-files=all",
                    "--ignored=matching",
                    "--no-renames",
                    "--"));
            arguments.addAll(paths.subList(from, Math.min(paths.size(), from + 500)));
            for (String entry : command().run(arguments).fields()) {
                if (entry.length() > 3) {
                    dirty.add(entry.substring(3));
                }
            }
        }
        return dirty;
    }

    /** Takes commits over from a cache, without moving anything. */
    public void takeFrom(Cache cache, String commit) {
        String passage = "refs/slipway/passage/" + commit;
        cache.put(passage, commit);
        try {
            new Cache.Fetch(command()).from(cache.folder().toString(), List.of(passage), "file", line -> {});
        } finally {
            cache.command().run("update-ref", "-d", passage, commit);
        }
    }

    /** Goes forward to a commit that comes after the present one, files included; changes elsewhere in the tree stay. */
    public void advance(String commit, String from) {
        if (!head().equals(Optional.of(from))) {
            throw new GitException("the work tree moved meanwhile", -1);
        }
        Person.SLIPWAY
                .signing(command())
                .run("merge", "--ff-only", "--no-stat", "--no-verify-signatures", "--no-autostash", "--quiet", commit);
    }
}
