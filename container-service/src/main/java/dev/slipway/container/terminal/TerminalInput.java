package dev.slipway.container.terminal;

import dev.slipway.container.runtime.SandboxName;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one viewer sends: keys and sizes of his screen, given to agent in order, and read no faster than agent takes them. */
final class TerminalInput extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final JsonMapper JSON = JsonMapper.createDefault();
    private static final int FRAME_BYTES_MAX = 128 * 1024;
    private static final int AT_ONCE_BYTES = 64 * 1024;
    private static final Duration PING_EVERY = Duration.ofSeconds(20);
    private static final Duration AGAIN = Duration.ofMillis(200);

    private sealed interface Event {
        final class Keys implements Event {
            final byte[] bytes;

            Keys(byte[] bytes) {
                this.bytes = bytes;
            }
        }

        record Size(int rows, int columns) implements Event {}

        record Odd(String complaint) implements Event {}

        record End() implements Event {}
    }

    private final SandboxName name;
    private final TerminalFrames frames;
    private final TerminalAgent agent;
    private final TerminalViewer viewer;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private @Nullable ScheduledFuture<?> pings;

    TerminalInput(TerminalView view, TerminalFrames frames, TerminalAgent agent, TerminalViewer viewer) {
        this.name = new SandboxName(view.session());
        this.frames = frames;
        this.agent = agent;
        this.viewer = viewer;
    }

    /** In the event loop. */
    void install(Channel channel) {
        channel.pipeline().addLast(new WebSocketFrameAggregator(FRAME_BYTES_MAX), this);
        pings = channel.eventLoop()
                .scheduleAtFixedRate(
                        () -> channel.writeAndFlush(new PingWebSocketFrame()),
                        PING_EVERY.toMillis(),
                        PING_EVERY.toMillis(),
                        TimeUnit.MILLISECONDS);
        channel.read();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        switch (frame) {
            case TextWebSocketFrame text -> events.add(parse(text.text()));
            case BinaryWebSocketFrame binary -> events.add(new Event.Keys(ByteBufUtil.getBytes(binary.content())));
            case PingWebSocketFrame ping -> {
                context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                context.read();
            }
            case CloseWebSocketFrame close ->
                context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
            default -> context.read();
        }
    }

    private static Event parse(String text) {
        JsonNode frame;
        try {
            frame = JSON.readValue(text, JsonNode.class);
        } catch (IOException | RuntimeException _) {
            return new Event.Odd("This frame is not JSON.");
        }
        String type = textOf(frame, "type");
        if (type.equals("input")) {
            return new Event.Keys(textOf(frame, "data").getBytes(StandardCharsets.UTF_8));
        }
        if (type.equals("resize")) {
            JsonNode size = Optional.ofNullable(frame.get("data")).orElse(frame);
            int rows = number(size, "rows");
            int columns = number(size, "cols");
            return TerminalView.isSize(rows) && TerminalView.isSize(columns)
                    ? new Event.Size(rows, columns)
                    : new Event.Odd("A resize needs rows and cols from 1 to 1000.");
        }
        return new Event.Odd("A frame's type is input or resize.");
    }

    private static String textOf(JsonNode frame, String field) {
        JsonNode value = frame.isObject() ? frame.get(field) : null;
        return value != null && value.isString() ? value.getStringValue() : "";
    }

    private static int number(JsonNode frame, String field) {
        JsonNode value = frame.isObject() ? frame.get(field) : null;
        return value != null && value.isNumber() ? value.getIntValue() : 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ScheduledFuture<?> scheduled = pings;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        events.add(new Event.End());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    /** On a thread of its own, which may wait. */
    void run() {
        try {
            Event next = events.take();
            while (!(next instanceof Event.End)) {
                next = handle(next);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            frames.close(TerminalFrames.GONE, "");
        }
    }

    /** @return what comes next */
    private Event handle(Event event) throws IOException, InterruptedException {
        Event next = null;
        switch (event) {
            case Event.Keys keys -> {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                bytes.writeBytes(keys.bytes);
                next = events.poll();
                while (next instanceof Event.Keys more && bytes.size() < AT_ONCE_BYTES) {
                    bytes.writeBytes(more.bytes);
                    next = events.poll();
                }
                send(bytes.toByteArray());
            }
            case Event.Size(int rows, int columns) -> resize(rows, columns);
            case Event.Odd(String complaint) -> frames.error(complaint);
            case Event.End _ -> throw new IllegalStateException("the end is not handled");
        }
        if (next == null && events.isEmpty()) {
            frames.more();
        }
        return next == null ? events.take() : next;
    }

    /** What nobody reads yet waits here, and with it the viewer; a sandbox that starts takes it as soon as it has a shell. */
    private void send(byte[] bytes) throws IOException, InterruptedException {
        while (frames.isOpen()) {
            int status;
            try {
                status = agent.input(name, bytes);
            } catch (IOException _) {
                status = 503;
            }
            if (status < 300) {
                return;
            }
            if (status == 413) {
                frames.error("This input is too large.");
                return;
            }
            Thread.sleep(AGAIN);
        }
    }

    private void resize(int rows, int columns) {
        viewer.resized(rows, columns);
        try {
            agent.resize(name, rows, columns);
        } catch (IOException _) {
            return; // the sandbox starts still: the shell gets this size when it is opened
        }
    }
}
