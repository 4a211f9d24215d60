package dev.slipway.container.terminal;

import dev.slipway.container.agent.ReadySandboxes;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.upgrade.UpgradeRequest;
import dev.slipway.container.upgrade.UpgradeRoute;
import io.micronaut.serde.ObjectMapper;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/** {@code GET …/sessions/{s}/terminal/ws?rows=&cols=&since=&binary=}. May be opened while the sandbox starts. */
@Singleton
final class TerminalRoute implements UpgradeRoute {
    private static final Pattern PATH = Pattern.compile("/internal/projects/([^/]+)/sessions/([^/]+)/terminal/ws");
    private static final int FRAME_BYTES_MAX = 128 * 1024;

    private final ReadySandboxes sandboxes;
    private final TerminalAgent agent;
    private final TerminalHistory history;
    private final SandboxStore store;
    private final ObjectMapper json;

    TerminalRoute(
            ReadySandboxes sandboxes,
            TerminalAgent agent,
            TerminalHistory history,
            SandboxStore store,
            ObjectMapper json) {
        this.sandboxes = sandboxes;
        this.agent = agent;
        this.history = history;
        this.store = store;
        this.json = json;
    }

    @Override
    public Pattern path() {
        return PATH;
    }

    @Override
    public Upgraded prepare(UpgradeRequest request) {
        TerminalView view = TerminalView.of(request);
        sandboxes.awaitAwake(view.project(), view.session());
        store.touch(view.session());
        return context -> shakeHands(context, request.http(), view);
    }

    private void shakeHands(ChannelHandlerContext context, FullHttpRequest request, TerminalView view) {
        WebSocketServerHandshaker handshaker = new WebSocketServerHandshakerFactory(
                        request.uri(), null, false, FRAME_BYTES_MAX)
                .newHandshaker(request);
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(context.channel());
            return;
        }
        TerminalFrames frames = new TerminalFrames(context.channel(), json);
        TerminalViewer viewer = new TerminalViewer(view, frames, sandboxes, agent, history, store);
        TerminalInput input = new TerminalInput(view, frames, agent, viewer);
        try {
            handshaker.handshake(context.channel(), request).addListener((ChannelFutureListener) done -> {
                if (done.isSuccess()) {
                    input.install(done.channel());
                    Thread.ofVirtual().name("terminal-out").start(viewer::run);
                    Thread.ofVirtual().name("terminal-in").start(input::run);
                } else {
                    done.channel().close();
                }
            });
        } catch (RuntimeException _) {
            context.close(); // no WebSocket request after all
        }
    }
}
