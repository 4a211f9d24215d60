package dev.slipway.container.preview;

import dev.slipway.container.agent.AgentLine;
import dev.slipway.container.upgrade.UpgradeRequest;
import dev.slipway.container.upgrade.UpgradeRoute;
import io.netty.handler.codec.http.HttpHeaderNames;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** WebSockets to a port of a sandbox. The server there answers itself, and from then on bytes pass as they are. */
@Singleton
final class PreviewRoute implements UpgradeRoute {
    /** A WebSocket may be silent for as long as it likes; this ends one whose other side is long gone. */
    private static final Duration SILENCE_MAX = Duration.ofHours(12);

    private static final Pattern PATH = Pattern.compile("/internal/projects/([^/]+)/preview/([^/]+)/([^/]+)(/.*)?");

    private final Previews previews;

    PreviewRoute(Previews previews) {
        this.previews = previews;
    }

    @Override
    public Pattern path() {
        return PATH;
    }

    @Override
    public Upgraded prepare(UpgradeRequest request) {
        int port = PreviewPort.of(request.path().group(3));
        AgentLine line =
                previews.connect(request.path().group(1), request.path().group(2), port, SILENCE_MAX);
        try {
            line.output().write(head(request, port).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            line.close();
            throw new IllegalStateException("the way into the sandbox broke", e);
        }
        return context -> PreviewSocket.join(context, line);
    }

    private static String head(UpgradeRequest request, int port) {
        String uri = request.http().uri();
        int query = uri.indexOf('?');
        String path = request.path().group(4) == null ? "/" : request.path().group(4);
        StringBuilder head = new StringBuilder("GET ")
                .append(path)
                .append(query < 0 ? "" : uri.substring(query))
                .append(" HTTP/1.1\r\n");
        Map<String, String> headers = PreviewHeaders.inward(request.http().headers(), port);
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append(HttpHeaderNames.CONNECTION)
                .append(": Upgrade\r\nupgrade: websocket\r\n\r\n")
                .toString();
    }
}
