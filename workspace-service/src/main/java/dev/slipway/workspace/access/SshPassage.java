package dev.slipway.workspace.access;

import dev.slipway.kit.id.Ids;
import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.source.RemoteUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Over ssh, with an agent and a configuration of its own in a folder that goes with it. Nothing of the machine's or the user's ssh
 * is read. A host's key must be known, or is taken down the first time if the operator allows that.
 */
final class SshPassage implements Passage {
    private final Path folder;
    private final SshAgent agent;
    private final String alias;
    private final boolean isFirst;

    private SshPassage(Path folder, SshAgent agent, String alias, boolean isFirst) {
        this.folder = folder;
        this.agent = agent;
        this.alias = alias;
        this.isFirst = isFirst;
    }

    /**
     * What ssh is to know of the host.
     *
     * @param address where it is, so that its name cannot lead elsewhere a moment later
     * @param keys the keys that it may show, as the user or the first visit gave them; null if none
     * @param knownHosts the operator's file of known hosts; blank for none
     * @param trustFirst whether the key of a host that is unknown to all of these is believed
     */
    record Host(String address, @Nullable String keys, String knownHosts, boolean trustFirst) {}

    static SshPassage open(Path runFolder, RemoteUrl url, Host host, byte[] publicKey, SshAgent.Signer signer) {
        try {
            Path parent = Files.createDirectories(runFolder.resolve("git"));
            Path folder = Files.createDirectory(
                    parent.resolve(Ids.text().substring(20)),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            String alias = url.port() == 22 ? url.host() : "[" + url.host() + "]:" + url.port();
            boolean isFirst = host.keys() == null && host.trustFirst();
            Files.writeString(folder.resolve("known_hosts"), knownHosts(alias, host.keys()));
            Files.writeString(folder.resolve("config"), configuration(folder, alias, host, isFirst));
            SshAgent agent = SshAgent.listen(folder.resolve("agent"), publicKey, signer);
            return new SshPassage(folder, agent, alias, isFirst);
        } catch (IOException e) {
            throw new UncheckedIOException("ssh to " + url.host(), e);
        }
    }

    @Override
    public GitCommand through(GitCommand command) {
        return command.with("GIT_ALLOW_PROTOCOL", "ssh")
                .with("GIT_SSH_VARIANT", "ssh")
                .with(
                        "GIT_SSH_COMMAND",
                        "ssh -F '" + folder.resolve("config").toString().replace("'", "'\\''") + "'");
    }

    @Override
    public Optional<String> learnedHostKey() {
        if (!isFirst) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(folder.resolve("known_hosts"))) {
            String keys = lines.filter(line -> line.startsWith(alias + " "))
                    .map(line -> line.substring(alias.length() + 1))
                    .collect(Collectors.joining("\n"));
            return keys.isBlank() ? Optional.empty() : Optional.of(keys);
        } catch (IOException e) {
            throw new UncheckedIOException("known hosts of " + alias, e);
        }
    }

    @Override
    public void close() {
        agent.close();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }

    private static String knownHosts(String alias, @Nullable String keys) {
        return keys == null
                ? ""
                : keys.lines()
                        .filter(line -> !line.isBlank())
                        .map(line -> alias + " " + line.strip() + "\n")
                        .collect(Collectors.joining());
    }

    private static String configuration(Path folder, String alias, Host host, boolean isFirst) {
        String known = "\"" + folder.resolve("known_hosts") + "\""
                + (host.knownHosts().isBlank() ? "" : " \"" + host.knownHosts() + "\"");
        return """
                Host *
                    HostName %s
                    HostKeyAlias %s
                    StrictHostKeyChecking %s
                    UserKnownHostsFile %s
                    GlobalKnownHostsFile /dev/null
                    HashKnownHosts no
                    UpdateHostKeys no
                    CheckHostIP no
                    VerifyHostKeyDNS no
                    IdentityAgent "%s"
                    IdentityFile none
                    PreferredAuthentications publickey
                    BatchMode yes
                    ProxyCommand none
                    ForwardAgent no
                    ForwardX11 no
                    ClearAllForwardings yes
                    PermitLocalCommand no
                    ControlPath none
                    ConnectTimeout 15
                    ServerAliveInterval 15
                    ServerAliveCountMax 4
                """.formatted(host.address(), alias, isFirst ? "accept-new" : "yes", known, folder.resolve("agent"));
    }
}
