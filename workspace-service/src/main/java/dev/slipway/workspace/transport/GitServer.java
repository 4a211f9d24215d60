package dev.slipway.workspace.transport;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.checkout.Checkout;
import dev.slipway.workspace.checkout.PushedJob;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Git;
import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.git.GitException;
import dev.slipway.workspace.git.GitProcess;
import dev.slipway.workspace.git.ProcessOutput;
import dev.slipway.workspace.git.StaleLock;
import dev.slipway.workspace.registry.Repositories;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs git for a sandbox. Namespaces (gitnamespaces(7)) confine it to its session's references, and among these it may write to
 * the session's branch only: git itself refuses updates to all that {@code receive.hideRefs} hides, before anything moves.
 */
@Singleton
class GitServer {
    private static final Logger LOG = LoggerFactory.getLogger(GitServer.class);
    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final int RESULT_MAX = 4 << 20;
    private static final Pattern PROTOCOL = Pattern.compile("version=[0-2]");

    private final Git git;
    private final Repositories repositories;
    private final WorkspaceSettings settings;
    private final PushedJob pushed;
    private final Abilities abilities = new Abilities();

    GitServer(Git git, Repositories repositories, WorkspaceSettings settings, PushedJob pushed) {
        this.git = git;
        this.repositories = repositories;
        this.settings = settings;
        this.pushed = pushed;
    }

    InputStream advertise(Checkout checkout, GitService service, @Nullable String protocol) {
        if (service == GitService.UPLOAD_PACK && "version=2".equals(protocol)) {
            return new ByteArrayInputStream(abilities.of(
                    checkout.projectId() + "/" + checkout.repositoryId(),
                    () -> advertised(checkout, service, protocol)));
        }
        byte[] refs = advertised(checkout, service, protocol);
        String line = "# service=" + service.wireName() + "\n";
        String head = String.format("%04x%s0000", line.length() + 4, line);
        return new SequenceInputStream(
                new ByteArrayInputStream(head.getBytes(StandardCharsets.US_ASCII)), new ByteArrayInputStream(refs));
    }

    private byte[] advertised(Checkout checkout, GitService service, @Nullable String protocol) {
        return command(checkout, service, protocol)
                .run(service.command(), "--stateless-rpc", "--advertise-refs", ".")
                .bytes();
    }

    /** What git sends, as it sends it; closing the stream ends git. */
    InputStream fetch(Checkout checkout, @Nullable String protocol, InputStream body) {
        GitProcess process = start(checkout, GitService.UPLOAD_PACK, protocol);
        Thread.ofVirtual().name("git-request").start(() -> feed(body, process));
        return new ProcessOutput(process);
    }

    /** What git says of a push, once it is done and noted. */
    InputStream push(Checkout checkout, @Nullable String protocol, InputStream body) {
        pushed.expect(checkout.sessionId());
        StaleLock.sweep(
                repositories.cacheFolder(checkout.projectId(), String.valueOf(checkout.repositoryId())),
                "packed-refs.lock",
                Cache.branchOf(checkout.sessionId()) + ".lock");
        try (GitProcess process = start(checkout, GitService.RECEIVE_PACK, protocol)) {
            Thread.ofVirtual().name("git-request").start(() -> feed(body, process));
            byte[] result = process.output().readNBytes(RESULT_MAX);
            process.await();
            note(checkout.sessionId());
            return new ByteArrayInputStream(result);
        } catch (IOException e) {
            throw new UncheckedIOException("push of session " + checkout.sessionId(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GitException("push interrupted", e);
        }
    }

    /** The push is done whatever comes of this; should it fail, the job that was queued before notes it. */
    private void note(String sessionId) {
        try {
            pushed.note(sessionId);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("sessionId", sessionId)
                    .addKeyValue("reason", e.getMessage())
                    .log("push not noted yet, will be noted soon");
        }
    }

    private GitProcess start(Checkout checkout, GitService service, @Nullable String protocol) {
        return command(checkout, service, protocol)
                .start(List.of(service.command(), "--stateless-rpc", "."), line -> {});
    }

    private GitCommand command(Checkout checkout, GitService service, @Nullable String protocol) {
        String repositoryId = checkout.repositoryId();
        if (repositoryId == null) {
            throw ProblemException.notFound("repository");
        }
        GitCommand command = repositories
                .cache(checkout.projectId(), repositoryId)
                .command()
                .with("GIT_NAMESPACE", checkout.sessionId())
                .deadline(LONGEST);
        if (protocol != null && PROTOCOL.matcher(protocol).matches()) {
            command = command.with("GIT_PROTOCOL", protocol);
        }
        return service == GitService.UPLOAD_PACK ? forFetch(command) : forPush(command, checkout.sessionId());
    }

    private static GitCommand forFetch(GitCommand command) {
        return command.config("uploadpack.allowFilter", "true").config("uploadpack.keepAlive", "5");
    }

    private GitCommand forPush(GitCommand command, String sessionId) {
        return git.receiving(command, settings)
                .config("receive.hideRefs", "refs/")
                // The last that matches counts; git compares what the client sees, without the namespace.
                .config(
                        "receive.hideRefs",
                        "!" + BranchName.ofSession(sessionId).reference())
                .config("receive.denyDeletes", "true")
                .config("receive.fsckObjects", "true")
                .config("receive.fsck.zeroPaddedFilemode", "warn")
                .config("receive.maxInputSize", Long.toString(settings.packBytesMax()))
                .config("receive.autogc", "false")
                // What is larger is read in pieces and never whole.
                .config("core.bigFileThreshold", "32m");
    }

    private static void feed(InputStream body, GitProcess process) {
        try (InputStream from = Bodies.plain(body);
                OutputStream to = process.input()) {
            from.transferTo(to);
        } catch (IOException _) {
            // Either side ended early: git's own answer, or its end, says so.
            return;
        }
    }
}
