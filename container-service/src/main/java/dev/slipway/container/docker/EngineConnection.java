package dev.slipway.container.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.slipway.container.runtime.EngineInfo;
import dev.slipway.container.runtime.SandboxFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine that was found. It is looked for when first needed and, until one answers, again at each need: a service may
 * start before its engine.
 */
final class EngineConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineConnection.class);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** Stopping waits for the grace inside one call, so this is above the longest grace. */
    private static final Duration ANSWER = Duration.ofSeconds(90);

    private static final int CONNECTIONS_MAX = 128;

    private final EngineFinder finder;
    private @Nullable Connected connected;

    EngineConnection(EngineFinder finder) {
        this.finder = finder;
    }

    /** @param streams has no limit on silence, for what is followed: events, terminals */
    record Connected(DockerClient requests, DockerClient streams, EngineInfo info) {}

    synchronized Connected get() {
        Connected present = connected;
        if (present != null) {
            return present;
        }
        List<String> candidates = finder.candidates();
        for (String address : candidates) {
            Connected found = connect(address);
            if (found != null) {
                connected = found;
                LOG.atInfo()
                        .addKeyValue("engine", found.info().kind())
                        .addKeyValue("version", found.info().version())
                        .addKeyValue("address", address)
                        .log("container engine found");
                return found;
            }
        }
        throw new SandboxFailure.Unavailable(
                "No container engine answers. Start Docker or Podman, or set DOCKER_HOST; looked at "
                        + (candidates.isEmpty() ? finder.all() : candidates) + ".",
                null);
    }

    private static @Nullable Connected connect(String address) {
        DockerClient requests = client(address, ANSWER);
        try {
            Version version = requests.versionCmd().exec();
            return new Connected(requests, client(address, null), info(version));
        } catch (DockerException e) {
            return unanswered(requests, address, e);
        } catch (RuntimeException e) {
            // The transport has no exception of its own for a socket at which nobody listens.
            return unanswered(requests, address, e);
        }
    }

    private static @Nullable Connected unanswered(DockerClient client, String address, RuntimeException reason) {
        LOG.atWarn()
                .addKeyValue("address", address)
                .addKeyValue("reason", reason.toString())
                .log("no engine answers here");
        close(client);
        return null;
    }

    private static EngineInfo info(Version version) {
        boolean podman = version.getComponents() != null
                && version.getComponents().stream()
                        .anyMatch(
                                component -> String.valueOf(component.getName()).startsWith("Podman"));
        return new EngineInfo(podman ? "podman" : "docker", String.valueOf(version.getVersion()));
    }

    static DockerClient client(String address, @Nullable Duration answerWithin) {
        DockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(address)
                .build();
        ZerodepDockerHttpClient.Builder transport = new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .maxConnections(CONNECTIONS_MAX)
                .connectionTimeout(CONNECT);
        if (answerWithin != null) {
            transport.responseTimeout(answerWithin);
        }
        return DockerClientImpl.getInstance(config, transport.build());
    }

    @Override
    public synchronized void close() {
        Connected present = connected;
        connected = null;
        if (present != null) {
            close(present.streams());
            close(present.requests());
        }
    }

    private static void close(DockerClient client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("engine connection not closed");
        }
    }
}
