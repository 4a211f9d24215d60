package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However many large bodies come at once, what waits for them in the kernel stays bounded. */
class ReceiveWindowTest {
    private static final int LARGE_BYTES = 1 << 20;
    private static final int BODIES = 300;
    private static final long BODY_BYTES = 64L << 20;

    @ParameterizedTest
    @CsvSource({"0, 8388608", "1, 8388608", "4, 1048576", "5, 524288", "32, 131072", "128, 131072", "100000, 131072"})
    void bodiesShareASumButEachHasEnoughToFlow(int bodies, int bytes) {
        assertThat(ReceiveWindow.share(bodies)).isEqualTo(bytes);
    }

    /** A sender of whole segments of 64 KB, as on loopback, sends one only every 200 ms into a window that is smaller. */
    @Test
    void aBodyFlowsOverLoopbackHoweverManyOthersThereAre() throws Exception {
        try (Transport transport = Transport.open(1, Transport.Kind.EPOLL);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assumeTrue(transport.hasSocketOptions());
            Thread.ofVirtual().start(() -> pour(server));
            CountDownLatch read = new CountDownLatch(1);
            Channel channel = new Bootstrap()
                    .group(transport.loops())
                    .channelFactory(transport.client())
                    .handler(new AmongMany(read))
                    .connect(server.getLocalSocketAddress())
                    .sync()
                    .channel();

            assertThat(read.await(10, TimeUnit.SECONDS)).isTrue();
            channel.close().sync();
        }
    }

    private static void pour(ServerSocket server) {
        try (Socket client = server.accept()) {
            byte[] piece = new byte[16 * 1024];
            for (long sent = 0; sent < 2 * BODY_BYTES; sent += piece.length) {
                client.getOutputStream().write(piece);
            }
        } catch (IOException gone) {
            // It has read enough.
        }
    }

    /** Reads a body that is one of many on its event loop. */
    private static final class AmongMany extends SimpleChannelInboundHandler<ByteBuf> {
        private final List<ReceiveWindow> windows = new ArrayList<>();
        private final CountDownLatch enough;
        private long bytes;

        AmongMany(CountDownLatch enough) {
            this.enough = enough;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf piece) {
            bytes += piece.readableBytes();
            while (bytes > LARGE_BYTES && windows.size() < BODIES) {
                ReceiveWindow window = new ReceiveWindow();
                windows.add(window);
                window.read(ctx.channel(), LARGE_BYTES);
            }
            if (bytes >= BODY_BYTES) {
                windows.forEach(ReceiveWindow::end);
                windows.clear();
                enough.countDown();
            }
        }
    }
}
