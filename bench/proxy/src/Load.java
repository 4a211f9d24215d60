import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A closed loop of requests for some seconds: each connection has one request under way. Prints requests, bytes, errors and the median
 * time of a request at one connection. Reads answers no further than it has to: head, length, bytes.
 *
 * <p>Arguments: scenario (keepalive, newtls, mint, body, plain), connections, seconds, origin's port, proxy's port or 0, token or -.
 */
public final class Load {
    private static final LongAdder REQUESTS = new LongAdder();
    private static final LongAdder BYTES = new LongAdder();
    private static final LongAdder ERRORS = new LongAdder();
    private static final AtomicLong HOSTS = new AtomicLong(System.nanoTime() / 1_000_000);
    private static final long[] TIMES = new long[1 << 20];
    private static int times;
    private static volatile boolean over;

    private final String scenario;
    private final int originPort;
    private final int proxyPort;
    private final String authorization;
    private final SslContext tls;
    private final MultiThreadIoEventLoopGroup loops;

    private Load(String[] arguments, SslContext tls) {
        scenario = arguments[0];
        originPort = Integer.parseInt(arguments[3]);
        proxyPort = Integer.parseInt(arguments[4]);
        authorization = arguments[5].equals("-")
                ? ""
                : "Proxy-Authorization: Basic "
                        + Base64.getEncoder()
                                .encodeToString(("s:" + arguments[5]).getBytes(StandardCharsets.US_ASCII))
                        + "\r\n";
        this.tls = tls;
        loops = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
    }

    /** Runs one scenario. */
    public static void main(String[] arguments) throws Exception {
        SslContext tls = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .sessionCacheSize(1)
                .build();
        Load load = new Load(arguments, tls);
        int connections = Integer.parseInt(arguments[1]);
        double seconds = Double.parseDouble(arguments[2]);
        for (int i = 0; i < connections; i++) {
            load.connect();
        }
        Thread.sleep(700);
        long requests = REQUESTS.sum();
        long bytes = BYTES.sum();
        long errors = ERRORS.sum();
        long started = System.nanoTime();
        Thread.sleep((long) (seconds * 1000));
        double took = (System.nanoTime() - started) / 1e9;
        long done = REQUESTS.sum() - requests;
        long moved = BYTES.sum() - bytes;
        long failed = ERRORS.sum() - errors;
        over = true;
        java.util.Arrays.sort(TIMES, 0, times);
        System.out.printf(
                "%.1f %.1f %d %.3f%n",
                done / took, moved / took / 1e6, failed, times == 0 ? 0 : TIMES[times / 2] / 1e6);
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private void connect() {
        if (over) {
            return;
        }
        boolean secure = !scenario.equals("plain");
        String host = (scenario.equals("mint") ? "h" + HOSTS.incrementAndGet() : "www") + ".bench.test";
        new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (proxyPort > 0 && secure) {
                            channel.pipeline().addLast(new Connect(host));
                        } else {
                            start(channel, host, secure);
                        }
                    }
                })
                .connect("127.0.0.1", proxyPort > 0 ? proxyPort : originPort)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        ERRORS.increment();
                        loops.schedule(this::connect, 20, TimeUnit.MILLISECONDS);
                    }
                });
    }

    private void start(Channel channel, String host, boolean secure) {
        if (secure) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc(), host, 443));
        }
        channel.pipeline().addLast(new Loop(host, secure));
    }

    private final class Connect extends ChannelInboundHandlerAdapter {
        private final String host;
        private final StringBuilder answer = new StringBuilder();

        Connect(String host) {
            this.host = host;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            String name = host + ":" + originPort;
            ctx.writeAndFlush(Unpooled.copiedBuffer(
                    "CONNECT " + name + " HTTP/1.1\r\nHost: " + name + "\r\n" + authorization + "\r\n",
                    StandardCharsets.US_ASCII));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            answer.append(((ByteBuf) message).toString(StandardCharsets.US_ASCII));
            ReferenceCountUtil.release(message);
            if (answer.indexOf("\r\n\r\n") >= 0) {
                if (!answer.substring(9, 12).equals("200")) {
                    ERRORS.increment();
                    ctx.close();
                    return;
                }
                start(ctx.channel(), host, true);
                ctx.pipeline().remove(this);
            }
        }
    }

    private final class Loop extends ChannelInboundHandlerAdapter {
        private final ByteBuf request;
        private final boolean once = scenario.equals("newtls") || scenario.equals("mint");
        private final boolean secure;
        private final StringBuilder head = new StringBuilder();
        private long remaining = -1;
        private long began;
        private boolean ended;

        Loop(String host, boolean secure) {
            this.secure = secure;
            String path = scenario.equals("body") ? "/100m" : "/1k";
            String target = !secure && proxyPort > 0 ? "http://" + host + ":" + originPort + path : path;
            request = Unpooled.unreleasableBuffer(Unpooled.directBuffer())
                    .writeBytes(("GET " + target + " HTTP/1.1\r\nHost: " + host + ":" + originPort + "\r\n"
                                    + (secure ? "" : authorization) + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            if (ctx.channel().isActive()) {
                begin(ctx);
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            begin(ctx);
        }

        private void begin(ChannelHandlerContext ctx) {
            remaining = -1;
            head.setLength(0);
            began = System.nanoTime();
            ctx.writeAndFlush(request.duplicate());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                if (remaining < 0) {
                    head(bytes);
                }
                if (remaining >= 0) {
                    BYTES.add(bytes.readableBytes());
                    remaining -= bytes.readableBytes();
                }
            } finally {
                bytes.release();
            }
            if (remaining == 0) {
                done(ctx);
            }
        }

        private void head(ByteBuf bytes) {
            while (bytes.isReadable() && remaining < 0) {
                head.append((char) bytes.readByte());
                int length = head.length();
                if (length > 3 && head.charAt(length - 1) == '\n' && head.charAt(length - 3) == '\n') {
                    String text = head.toString().toLowerCase(java.util.Locale.ROOT);
                    int at = text.indexOf("content-length:");
                    boolean fine = text.startsWith("200", 9) && at > 0;
                    remaining = fine ? Long.parseLong(text.substring(at + 15, text.indexOf('\r', at)).strip()) : 0;
                    if (!fine) {
                        ERRORS.increment();
                    }
                }
            }
        }

        private void done(ChannelHandlerContext ctx) {
            REQUESTS.increment();
            synchronized (TIMES) {
                if (times < TIMES.length) {
                    TIMES[times++] = System.nanoTime() - began;
                }
            }
            if (once) {
                ended = true;
                ctx.close();
                connect();
            } else {
                begin(ctx);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!ended && !over) {
                ERRORS.increment();
                loops.schedule(Load.this::connect, 5, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
