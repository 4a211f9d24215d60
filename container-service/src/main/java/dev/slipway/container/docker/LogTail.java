package dev.slipway.container.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import dev.slipway.container.runtime.SandboxFailure;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The end of what a container wrote. */
final class LogTail {
    private static final int SECONDS_MAX = 5;
    private static final int CHARACTERS_MAX = 4096;

    private LogTail() {}

    static String of(DockerClient docker, String containerId, int lines) {
        StringBuilder text = new StringBuilder();
        try {
            docker.logContainerCmd(containerId)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(lines)
                    .exec(new ResultCallback.Adapter<Frame>() {
                        @Override
                        public void onNext(Frame frame) {
                            synchronized (text) {
                                text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                            }
                        }
                    })
                    .awaitCompletion(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxFailure.TimeoutUnknown("Interrupted while reading a sandbox's log.", e);
        } catch (RuntimeException e) {
            throw EngineCalls.translate("read the sandbox's log", e);
        }
        synchronized (text) {
            return text.substring(Math.max(0, text.length() - CHARACTERS_MAX)).strip();
        }
    }
}
