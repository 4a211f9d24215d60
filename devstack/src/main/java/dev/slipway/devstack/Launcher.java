package dev.slipway.devstack;

import dev.slipway.devstack.home.SlipwayHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that {@code ./slipway up} leaves running. It ends on SIGTERM or SIGINT after it has stopped everything in
 * order, and with code 1 and a sentence on the error output when the start does not work.
 */
public final class Launcher {
    private final Options options;
    private final SlipwayHome home;
    private final Progress progress = new Progress(System.out);
    private final Stack stack;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Launcher(Options options) {
        this.options = options;
        this.home = new SlipwayHome(options.home());
        this.stack = new Stack(options, home, progress);
    }

    public static void main(String[] arguments) {
        int code = 0;
        try {
            Options options = Options.parse(arguments, System.getenv());
            new SlipwayHome(options.home()).create();
            System.setProperty("slipway.logs", options.home().resolve("logs").toString());
            new Launcher(options).run();
        } catch (StartFailure e) {
            System.err.println("\n" + e.getMessage());
            code = 1;
        } catch (IOException e) {
            System.err.println("\nThe stack could not be started: " + e);
            code = 1;
        } catch (InterruptedException e) {
            code = 130;
        }
        System.exit(code);
    }

    private void run() throws IOException, InterruptedException {
        // Held until the process ends, however it ends: two launchers never share a home.
        try (FileChannel channel = FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw new StartFailure("A stack is already running on " + home.root() + ".\nSee: ./slipway status");
            }
            Thread hook = Thread.ofPlatform().name("stop").unstarted(this::stopAll);
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                stack.start();
            } catch (StartFailure e) {
                log().atError().setCause(e).log("the stack did not start");
                throw e;
            }
            if (options.rehearsal()) {
                Rehearsal.play(stack.url());
                return;
            }
            progress.say("Slipway is up: " + stack.url()
                    + (stack.leftOut().isEmpty() ? "" : "  (without " + stack.leftOut() + ")"));
            AotCache.trainInBackground(options, home);
            stopped.await();
        }
    }

    private void stopAll() {
        try {
            stack.stop();
            Files.deleteIfExists(home.state());
        } catch (IOException | StartFailure e) {
            log().atWarn().setCause(e).log("the stack did not stop cleanly");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
        }
    }

    /** Made late: its files lie where the options say. */
    private static Logger log() {
        return LoggerFactory.getLogger(Launcher.class);
    }
}
