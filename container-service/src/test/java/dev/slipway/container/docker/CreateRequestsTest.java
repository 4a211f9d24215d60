package dev.slipway.container.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.github.dockerjava.api.DockerClient;
import dev.slipway.container.runtime.SandboxBounds;
import dev.slipway.container.runtime.SandboxRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The whole of what the engine is asked for. A change of the sandbox's walls shows here, and only on purpose. */
@NullMarked
class CreateRequestsTest {
    @Test
    void theWholeRequestIsAsItWasAgreed() throws IOException {
        String json = write(new CreateRequests("/home/ana/.slipway", "runc"));

        assertThat(json).isEqualToNormalizingNewlines(golden());
    }

    @Test
    void gvisorChangesTheRuntimeAndNothingElse() throws IOException {
        String json = write(new CreateRequests("/home/ana/.slipway", "gvisor"));

        assertThat(json.replace("\"Runtime\" : \"runsc\"", "\"Runtime\" : null"))
                .isEqualToNormalizingNewlines(golden());
        assertThat(json).contains("\"Runtime\" : \"runsc\"");
    }

    private static String write(CreateRequests requests) throws IOException {
        SandboxRequest request = new SandboxRequest(
                "session-1",
                "project-1",
                3,
                "sha256:0123",
                new SandboxBounds(1.5, 1L << 30, 512, 4096, 1L << 28),
                Map.of("COLOUR", "blue"),
                new SandboxRequest.Mounts(Path.of("/run/s/egress"), Path.of("/run/s/agent"), Path.of("/run/s/ca")),
                List.of());
        try (DockerClient nobody = EngineConnection.client("unix:///nowhere.sock", null)) {
            return new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .writeValueAsString(requests.create(nobody, request));
        }
    }

    private static String golden() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(CreateRequestsTest.class.getResourceAsStream("/create-request.json"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
