package dev.slipway.workspace.access;

import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.source.HostPolicy;
import dev.slipway.workspace.source.RemoteUrl;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Opens the way to a remote, if {@link HostPolicy} admits it. */
@Singleton
public class RemoteAccess {
    private final WorkspaceSettings settings;
    private final HostPolicy hosts;
    private final EgressDoors doors;
    private final DeployKeys keys;
    private final Roots roots;
    private final Path runFolder;

    RemoteAccess(
            WorkspaceSettings settings,
            HostPolicy hosts,
            EgressDoors doors,
            DeployKeys keys,
            Roots roots,
            @Value("${slipway.run-dir}") String runFolder) {
        this.settings = settings;
        this.hosts = hosts;
        this.doors = doors;
        this.keys = keys;
        this.roots = roots;
        this.runFolder = Path.of(runFolder).toAbsolutePath();
    }

    /** A way to this address; 422 if it may not be reached, 409 if the wanted credential cannot be used. */
    public Passage open(Errand errand, RemoteUrl url) {
        return open(errand, url, List.of());
    }

    /** As {@link #open(Errand, RemoteUrl)}, where the remote may send on to other hosts, as patterns of mitm-proxy's. */
    public Passage open(Errand errand, RemoteUrl url, List<String> moreHosts) {
        return switch (url.scheme()) {
            case "https" -> https(errand, url, moreHosts);
            case "ssh" -> ssh(errand, url);
            default -> new DirectPassage(url, Optional.empty());
        };
    }

    private Passage https(Errand errand, RemoteUrl url, List<String> moreHosts) {
        Optional<String> address = hosts.admit(url.host());
        try {
            List<String> allowed = new ArrayList<>(List.of(url.host()));
            allowed.addAll(moreHosts);
            EgressDoor door = doors.open(errand, allowed);
            if (door.address() != null && door.token() != null) {
                return new DoorPassage(doors, errand, door, roots.with(door.caPem()));
            }
            doors.close(errand);
        } catch (UpstreamUnavailableException e) {
            if (errand.credentialId() != null) {
                throw e;
            }
        }
        if (errand.credentialId() != null) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT,
                    "credential-unusable",
                    "The workspace has a credential, but the egress proxy has no TCP listener by which git could use it."
                            + " Set slipway.proxy.tcp.address of mitm-proxy, or take the credential from the workspace.");
        }
        return new DirectPassage(url, address);
    }

    private Passage ssh(Errand errand, RemoteUrl url) {
        String credentialId = errand.credentialId();
        if (credentialId == null) {
            throw ProblemException.unprocessable(
                    "credentialId", "missing (expected: a deploy key, which an ssh address needs)");
        }
        String address = hosts.admitDirectly(url.host()).orElse(url.host());
        byte[] key = keys.publicKey(errand.projectId(), credentialId).blob();
        SshPassage.Host host =
                new SshPassage.Host(address, errand.hostKey(), settings.knownHostsFile(), settings.trustFirstHostKey());
        return SshPassage.open(
                runFolder, url, host, key, (data, flags) -> keys.sign(errand.projectId(), credentialId, data, flags));
    }
}
