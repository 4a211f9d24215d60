package dev.slipway.workspace;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What the operator decides.
 *
 * @param home our own folder, in which no user may name a path
 * @param folder where working clones of git workspaces are kept ({@code WORKSPACE_DIR}); {@code workspaces} in our home if blank
 * @param cacheFolder where bare caches are kept; {@code git} in our home if blank
 * @param repoAllowlist folders that local workspaces may be in, separated by colons or commas ({@code REPO_ALLOWLIST}); the home
 *     of the user who runs the service if blank
 * @param internalHosts hosts that may be cloned from although they have a private address, separated by commas
 * @param trustedCaFile more roots for https, PEM; empty for none
 * @param knownHostsFile keys of hosts that are reached by ssh, as in OpenSSH's {@code known_hosts}; empty for none
 * @param trustFirstHostKey whether an unknown host's key is believed the first time and held to from then on
 * @param githubHosts GitHub Enterprise servers, besides github.com, separated by commas
 * @param gitlabHosts GitLab servers, besides gitlab.com, separated by commas
 * @param lfsHosts hosts that large files may come from besides the repository's own, as patterns of mitm-proxy's
 * @param maintenanceInterval how often a cache is repacked; zero for never
 * @param cloneDeadline how long a clone or a fetch from a remote may take
 * @param packBytesMax how large a pack that a sandbox pushes may be, in bytes
 * @param objectBytesMax how large a file in a repository may be, in bytes: what is larger is neither pushed nor checked out
 * @param treeFilesMax how many files a commit may have
 * @param treeBytesMax how large all files of a commit may be together, in bytes
 * @param remoteBytesMax how much a remote may send for one fetch, in bytes
 * @param gitMemoryMax how much memory a git may allocate that reads what a sandbox or a remote sent, in bytes
 * @param syncInterval how often a git workspace looks for what is new at its remote; zero for never
 */
@ConfigurationProperties("slipway.workspaces")
public record WorkspaceSettings(
        @Value("${slipway.home}") String home,
        @Bindable(defaultValue = "") String folder,
        @Bindable(defaultValue = "") String cacheFolder,
        @Bindable(defaultValue = "") String repoAllowlist,
        @Bindable(defaultValue = "") String internalHosts,
        @Bindable(defaultValue = "") String trustedCaFile,
        @Bindable(defaultValue = "") String knownHostsFile,
        @Bindable(defaultValue = "true") boolean trustFirstHostKey,
        @Bindable(defaultValue = "") String githubHosts,
        @Bindable(defaultValue = "") String gitlabHosts,

        @Bindable(defaultValue = "*.githubusercontent.com,github-cloud.s3.amazonaws.com")
        String lfsHosts,

        @Bindable(defaultValue = "24h") Duration maintenanceInterval,
        @Bindable(defaultValue = "30m") Duration cloneDeadline,
        @Bindable(defaultValue = "2147483648") long packBytesMax,
        @Bindable(defaultValue = "536870912") long objectBytesMax,
        @Bindable(defaultValue = "1000000") long treeFilesMax,
        @Bindable(defaultValue = "17179869184") long treeBytesMax,
        @Bindable(defaultValue = "17179869184") long remoteBytesMax,
        @Bindable(defaultValue = "2147483648") long gitMemoryMax,
        @Bindable(defaultValue = "15m") Duration syncInterval) {

    public WorkspaceSettings {
        folder = folder.isBlank() ? home + "/workspaces" : folder;
        cacheFolder = cacheFolder.isBlank() ? home + "/git" : cacheFolder;
        repoAllowlist = repoAllowlist.isBlank() ? System.getProperty("user.home") : repoAllowlist;
    }

    /** The folders that local workspaces may be in, as configured. */
    public List<Path> allowed() {
        return split(repoAllowlist, "[:,]").map(Path::of).toList();
    }

    /** The hosts that are trusted although they are internal. */
    public List<String> trustedHosts() {
        return split(internalHosts, ",").toList();
    }

    /** Servers that speak GitHub's API. */
    public List<String> githubServers() {
        return split(githubHosts, ",").toList();
    }

    /** Servers that speak GitLab's API. */
    public List<String> gitlabServers() {
        return split(gitlabHosts, ",").toList();
    }

    /** Hosts of large files. */
    public List<String> largeFileHosts() {
        return split(lfsHosts, ",").toList();
    }

    private static java.util.stream.Stream<String> split(String list, String separators) {
        return Arrays.stream(list.split(separators)).map(String::strip).filter(entry -> !entry.isEmpty());
    }
}
