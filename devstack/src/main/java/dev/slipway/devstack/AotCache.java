package dev.slipway.devstack;

import dev.slipway.devstack.home.SlipwayHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM's ahead-of-time cache of loaded classes, which takes most of the work out of a start. It is trained by a second
 * run in the background, with a database and a broker of its own, after the first good start, and again when the JDK or a
 * library has changed. A start never waits for it, and without it only takes longer.
 *
 * <p>It lies beside the launcher's jar, since it belongs to that build, not to a home. Its name ({@code slipway.aot.file}) is
 * made by {@code build-tools/stack.sh} from the JDK, the options and the jars, because JDK 25 does not notice that a jar of
 * the class path has changed and would go on with the old classes. The variable {@code SLIPWAY_AOT=off} turns the training
 * off.
 */
final class AotCache {
    private static final Logger LOG = LoggerFactory.getLogger(AotCache.class);
    private static final Duration TRAINING_DEADLINE = Duration.ofMinutes(5);

    private AotCache() {}

    static void trainInBackground(Options options, SlipwayHome home) {
        if ("off".equals(System.getenv("SLIPWAY_AOT"))) {
            return;
        }
        Thread.ofPlatform().daemon().name("aot-training").start(() -> {
            try {
                trainIfStale(options, home);
            } catch (IOException | UncheckedIOException e) {
                LOG.atWarn().setCause(e).log("AOT cache not made");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void trainIfStale(Options options, SlipwayHome home) throws IOException, InterruptedException {
        String wanted = System.getProperty("slipway.aot.file", "");
        if (wanted.isEmpty() || Files.exists(Path.of(wanted))) {
            return;
        }
        Path cache = Path.of(wanted);
        Path target = options.project().resolve("devstack").resolve("target");
        Path stage = target.resolve("aot-training");
        if (!claim(stage)) {
            return;
        }
        try {
            Path draft = stage.resolve("slipway.aot");
            if (rehearse(options, home, stage, draft) && Files.exists(draft)) {
                removeOthers(target);
                Files.move(draft, cache, StandardCopyOption.ATOMIC_MOVE);
                LOG.atInfo().addKeyValue("bytes", Files.size(cache)).log("AOT cache made");
            }
        } finally {
            removeTree(stage);
        }
    }

    /** Only one of several stacks trains; a claim of a killed one expires. */
    private static boolean claim(Path stage) throws IOException {
        if (Files.exists(stage)) {
            FileTime made = Files.getLastModifiedTime(stage);
            if (made.toInstant().plus(TRAINING_DEADLINE).isAfter(Instant.now())) {
                return false;
            }
            removeTree(stage);
        }
        Files.createDirectory(stage);
        return true;
    }

    private static boolean rehearse(Options options, SlipwayHome home, Path stage, Path draft)
            throws IOException, InterruptedException {
        Path stageHome = Files.createTempDirectory("slipway-aot");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "nice",
                        "-n",
                        "15",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + options.project().resolve("devstack").resolve("jvm.options"),
                        "-XX:AOTCacheOutput=" + draft,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Launcher.class.getName(),
                        "--rehearsal",
                        "--port",
                        "0",
                        "--project",
                        options.project().toString(),
                        "--home",
                        stageHome.toString()))
                .redirectErrorStream(true)
                .redirectOutput(home.logs().resolve("aot.log").toFile());
        builder.environment().keySet().removeAll(List.of("DATABASE_DSN", "PORT"));
        Process process = builder.start();
        // The training must not outlive the stack; its own hook stops its Postgres.
        Thread ender = Thread.ofPlatform().unstarted(() -> end(process, stage, stageHome));
        Runtime.getRuntime().addShutdownHook(ender);
        try {
            boolean ended = process.waitFor(TRAINING_DEADLINE);
            if (!ended) {
                process.destroy();
            }
            return ended && process.exitValue() == 0;
        } finally {
            removeTree(stageHome);
            LOG.atDebug().addKeyValue("stage", stage).log("rehearsal ended");
        }
    }

    /** Ends the rehearsal and removes what it made, in a shell that outlives this process: a stop must not wait for it. */
    private static void end(Process process, Path stage, Path stageHome) {
        String script = "kill -TERM $1; for i in $(seq 60); do kill -0 $1 2>/dev/null || break; sleep 1; done;"
                + " kill -KILL $1 2>/dev/null; rm -rf \"$2\" \"$3\"";
        try {
            new ProcessBuilder(
                            "sh",
                            "-c",
                            script,
                            "end",
                            Long.toString(process.pid()),
                            stage.toString(),
                            stageHome.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("the AOT training could not be ended");
            process.destroyForcibly();
        }
    }

    /** Caches of earlier builds; a JVM that still uses one keeps it open. */
    private static void removeOthers(Path target) throws IOException {
        try (DirectoryStream<Path> old = Files.newDirectoryStream(target, "slipway-*.aot")) {
            for (Path cache : old) {
                Files.delete(cache);
            }
        }
    }

    private static void removeTree(Path tree) throws IOException {
        if (Files.isDirectory(tree)) {
            try (var paths = Files.walk(tree)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
