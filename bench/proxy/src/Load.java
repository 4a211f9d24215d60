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
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Closed loops of requests for some seconds: each connection has one request under way. One process for a whole run, so that what it does
 * is compiled before anything is measured. Reads a line per measurement, {@code scenario connections settle seconds originPort proxyPort token}
 * (settle: seconds that are not counted; proxyPort 0: directly; token -: none), and answers with requests and megabytes per second, errors, and the median time of a request
 * in milliseconds. Reads answers no further than it has to: head, length, bytes.
 *
 * <p>Scenarios: keepalive, plain (1 KB), body (100 MB), newtls (a connection and a full handshake for each request, as by clients that end
 * after it), mint (the same, each to a host that nobody asked for before).
 */
public final class Load {
    private static final AtomicLong HOSTS = new AtomicLong();
    private static final MultiThreadIoEventLoopGroup LOOPS =
            new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
    private static final int TIMES_MAX = 1 << 18;

    private final LongAdder requests = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final String scenario;
    private final int connections;
    private final double settle;
    private final double seconds;
    private final int originPort;
    private final int proxyPort;
    private final String authorization;
    private final SslContext tls;
    /** Of one connection alone, so of one thread alone. */
    private final long[] times;

    private volatile int timed;
    private volatile boolean over;

    private Load(String[] arguments, SslContext tls) {
        scenario = arguments[0];
        connections = Integer.parseInt(arguments[1]);
        settle = Double.parseDouble(arguments[2]);
        seconds = Double.parseDouble(arguments[3]);
        originPort = Integer.parseInt(arguments[4]);
        proxyPort = Integer.parseInt(arguments[5]);
        authorization = arguments[6].equals("-")
                ? ""
                : "Proxy-Authorization: Basic "
                        + Base64.getEncoder()
                                .encodeToString(("s:" + arguments[6]).getBytes(StandardCharsets.US_ASCII))
                        + "\r\n";
        this.tls = tls;
        times = new long[connections == 1 ? TIMES_MAX : 0];
    }

    /** Serves until its input ends. */
    public static void main(String[] arguments) throws Exception {
        SslContext tls = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .build();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(new Load(line.split(" "), tls).measure());
            System.out.flush();
        }
        Runtime.getRuntime().halt(0);
    }

    private String measure() throws InterruptedException {
        for (int i = 0; i < connections; i++) {
            connect();
        }
        Thread.sleep((long) (settle * 1000));
        long requestsBefore = requests.sum();
        long bytesBefore = bytes.sum();
        long errorsBefore = errors.sum();
        int timedBefore = timed;
        long started = System.nanoTime();
        Thread.sleep((long) (seconds * 1000));
        double took = (System.nanoTime() - started) / 1e9;
        long done = requests.sum() - requestsBefore;
        long moved = bytes.sum() - bytesBefore;
        long failed = errors.sum() - errorsBefore;
        int timedAfter = timed;
        over = true;
        open.close().awaitUninterruptibly(5_000);
        long[] measured = Arrays.copyOfRange(times, Math.min(timedBefore, times.length), Math.min(timedAfter, times.length));
        Arrays.sort(measured);
        double median = measured.length == 0 ? 0 : measured[measured.length / 2] / 1e6;
        return String.format(Locale.ROOT, "%.1f %.1f %d %.4f", done / took, moved / took / 1e6, failed, median);
    }

    private void connect() {
        if (over) {
            return;
        }
        boolean secure = !scenario.equals("plain");
        String host = (scenario.equals("mint") && proxyPort > 0 ? "h" + HOSTS.incrementAndGet() : "www") + ".bench.test";
        new Bootstrap()
                .group(LOOPS)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        open.add(channel);
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
                        errors.increment();
                        LOOPS.schedule(this::connect, 20, TimeUnit.MILLISECONDS);
                    }
                });
    }

    private void start(Channel channel, String host, boolean secure) {
        if (secure) {
            // Without the peer's port the engine finds no session to resume.
            var handler = tls.newHandler(channel.alloc());
            var parameters = handler.engine().getSSLParameters();
            parameters.setServerNames(java.util.List.of(new javax.net.ssl.SNIHostName(host)));
            handler.engine().setSSLParameters(parameters);
            channel.pipeline().addLast(handler);
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
            ByteBuf piece = (ByteBuf) message;
            answer.append(piece.toString(StandardCharsets.US_ASCII));
            piece.release();
            if (answer.indexOf("\r\n\r\n") >= 0) {
                if (!answer.substring(9, 12).equals("200")) {
                    errors.increment();
                    ctx.close();
                    return;
                }
                start(ctx.channel(), host, true);
                ctx.pipeline().remove(this);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            lost();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private void lost() {
        if (!over) {
            errors.increment();
            LOOPS.schedule(this::connect, 5, TimeUnit.MILLISECONDS);
        }
    }

    private final class Loop extends ChannelInboundHandlerAdapter {
        private final ByteBuf request;
        private final boolean once = scenario.equals("newtls") || scenario.equals("mint");
        private final StringBuilder head = new StringBuilder();
        private long remaining = -1;
        private long began;
        private boolean ended;

        Loop(String host, boolean secure) {
            String path = scenario.equals("body") ? "/100m" : "/1k";
            String target = !secure && proxyPort > 0 ? "http://" + host + ":" + originPort + path : path;
            byte[] text = ("GET " + target + " HTTP/1.1\r\nHost: " + host + ":" + originPort + "\r\n"
                            + (secure ? "" : authorization) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            request = Unpooled.directBuffer(text.length).writeBytes(text);
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            if (ctx.channel().isActive()) {
                begin(ctx);
            }
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            request.release();
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            begin(ctx);
        }

        private void begin(ChannelHandlerContext ctx) {
            remaining = -1;
            head.setLength(0);
            began = System.nanoTime();
            ctx.writeAndFlush(request.retainedDuplicate(), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf piece = (ByteBuf) message;
            try {
                if (remaining < 0) {
                    head(piece);
                }
                if (remaining >= 0) {
                    bytes.add(piece.readableBytes());
                    remaining -= piece.readableBytes();
                }
            } finally {
                piece.release();
            }
            if (remaining == 0) {
                done(ctx);
            }
        }

        /** Reads up to the end of the head, line by line; of the lines only the status and the length are looked at. */
        private void head(ByteBuf piece) {
            while (remaining < 0) {
                int newline = piece.bytesBefore((byte) '\n');
                if (newline < 0) {
                    head.append(piece.readCharSequence(piece.readableBytes(), StandardCharsets.US_ASCII));
                    return;
                }
                if (newline > 1 || head.length() > 1) {
                    line(piece, newline);
                } else {
                    piece.skipBytes(newline + 1);
                    remaining = length;
                    if (length < 0) {
                        errors.increment();
                        remaining = piece.readableBytes();
                    }
                    length = -1;
                    status = false;
                }
            }
        }

        private long length = -1;
        private boolean status;

        private void line(ByteBuf piece, int newline) {
            int at = piece.readerIndex();
            boolean whole = head.isEmpty();
            if (whole && status && (piece.getByte(at) | 0x20) != 'c') {
                piece.skipBytes(newline + 1);
                return;
            }
            head.append(piece.readCharSequence(newline + 1, StandardCharsets.US_ASCII));
            if (!status) {
                status = true;
                if (head.length() < 12 || head.charAt(9) != '2') {
                    errors.increment();
                }
            } else if (head.length() > 15 && (head.charAt(8) | 0x20) == 'l' && head.substring(0, 15).equalsIgnoreCase("content-length:")) {
                length = Long.parseLong(head.substring(15).strip());
            }
            head.setLength(0);
        }

        private void done(ChannelHandlerContext ctx) {
            requests.increment();
            if (connections == 1 && timed < times.length) {
                times[timed] = System.nanoTime() - began;
                timed = timed + 1;
            }
            if (once) {
                ended = true;
                ctx.close();
                connect();
            } else if (!over) {
                begin(ctx);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!ended) {
                lost();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
